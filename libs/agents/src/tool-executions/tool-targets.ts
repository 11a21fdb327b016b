import { Injectable } from '@nestjs/common';
import { type ChildCommand, ExecutionTargets, type ExecutionTarget } from '@longhaul/executions';
import { type JsonValue, PermanentError, unknownName } from '@longhaul/kernel';
import { checkArguments, ToolRegistry } from '@longhaul/tools';
import { AgentRegistry } from '../agent-registry';
import { readRequest, TOOL_KIND, toolOf } from './tool-request';

/** Beyond the tool's own time limit for each of its tries, which the handler keeps and tells of better. */
const GRACE_MS = 60_000;
const WEEK_MS = 604_800_000;

/** What the lifecycle must know of a tool whose calls are executions. */
@Injectable()
export class ToolTargets extends ExecutionTargets {
  readonly kind = TOOL_KIND;

  constructor(
    private readonly tools: ToolRegistry,
    private readonly agents: AgentRegistry,
  ) {
    super();
  }

  find(name: string): ExecutionTarget | undefined {
    const tool = this.tools.find(toolOf(name));
    if (!tool) return undefined;
    const { queue = 'default', timeoutMs, retries } = tool.definition;
    const limitMs = timeoutMs * (1 + (retries?.max ?? 0)) + GRACE_MS;
    return { queue, backoff: { kind: 'exponential', delayMs: 1_000 }, timeoutMs: limitMs, idleTimeoutMs: limitMs };
  }

  /** Tried as often, and for as long, as the agent that asks; where the tool names no queue, in that agent's. */
  child(name: string, input: JsonValue): ChildCommand {
    const tool = this.tools.find(toolOf(name));
    const known = this.tools.list().map(({ definition }) => definition.name);
    if (!tool) throw new PermanentError(unknownName('tool', toolOf(name), known));
    const { queue, priority = 'default', unavailableReason } = tool.definition;
    if (unavailableReason !== undefined) {
      const message = `tool "${tool.definition.name}" cannot be called: ${unavailableReason}`;
      throw new PermanentError(message, { code: 'tool_unavailable' });
    }
    const request = readRequest(input);
    const issues = checkArguments(tool.definition, request.arguments);
    if (issues.length > 0) {
      throw new PermanentError(issues.map(({ path, message }) => `${path}: ${message}`).join('; '));
    }
    const agent = this.agents.find(request.agent);
    return {
      queue: queue ?? agent?.queue ?? 'default',
      priority,
      input: request,
      maxAttempts: (agent?.retries.maxRetries ?? 0) + 1,
      timeoutMs: null,
      deadlineMs: agent ? Math.round(agent.limits.deadlineS * 1000) : WEEK_MS,
      inConversation: true,
    };
  }
}
