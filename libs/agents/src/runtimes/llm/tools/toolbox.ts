import type { ExecutionContext } from '@longhaul/executions';
import { isJsonObject, LonghaulError } from '@longhaul/kernel';
import type { ModelMessage, OfferedTool, ToolRequest } from '@longhaul/models';
import { checkArguments, type McpServers, needsApproval, type Tool, type ToolRegistry } from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';
import { type ToolPlan, toolStep } from './tool-step';
import { approvalNeeded, unavailableTool, unknownTool, unreadableArguments, wrongArguments } from './tool-texts';

/** The tools of one agent in one run: those of its AGENT.md, its skills and its MCP servers, and no others. */
export class Toolbox {
  constructor(
    private readonly agent: Pick<AgentDefinition, 'tools' | 'mcpServers' | 'requiresApproval'>,
    private readonly registry: Pick<ToolRegistry, 'find'>,
    private readonly servers: Pick<McpServers, 'ready' | 'toolsOf'>,
    private readonly context: ExecutionContext,
  ) {}

  /** Whether the agent is to have tools, be they there or not. */
  get isEmpty(): boolean {
    return this.agent.tools.length === 0 && this.agent.mcpServers.length === 0;
  }

  /** Waits until its MCP servers have told of their tools; rejects when one cannot be asked. */
  ready(): Promise<void> {
    const named = this.agent.tools.filter((name) => name.includes('__')).map((name) => name.split('__')[0] ?? '');
    return this.servers.ready([...this.agent.mcpServers, ...named], this.context.signal);
  }

  /** As they are now: a server's tools come and go. */
  offered(): OfferedTool[] {
    return this.tools()
      .filter(({ definition }) => definition.unavailableReason === undefined)
      .map(({ definition: { name, description, parameters } }) => ({ name, description, parameters }));
  }

  /**
   * Calls all of them at once, each as a step `tool:<turn>:<n>`, and answers what the model is told of each, in their
   * order. Rejects after the last one has ended, with the error that leaves least hope.
   */
  async callAll(turn: number, requests: readonly ToolRequest[]): Promise<ModelMessage[]> {
    const settled = await Promise.allSettled(
      requests.map((request, index) => this.call(`tool:${turn}:${index + 1}`, request)),
    );
    const reasons: unknown[] = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    if (reasons.length > 0) {
      this.context.signal.throwIfAborted();
      throw reasons.find((reason) => reason instanceof LonghaulError && !reason.retryable) ?? reasons[0];
    }
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  private async call(key: string, request: ToolRequest): Promise<ModelMessage> {
    const { text, isError } = await toolStep(key, request, this.planFor(request), this.context);
    const { id: callId, name } = request;
    return { role: 'tool', callId, name, text, ...(isError ? { isError } : {}) };
  }

  private planFor({ name, arguments: args }: ToolRequest): ToolPlan {
    const tool = this.names().includes(name) ? this.registry.find(name) : undefined;
    if (!tool) {
      const known = this.offered().map((one) => one.name);
      return { refusal: unknownTool(name, known) };
    }
    const { definition } = tool;
    if (definition.unavailableReason !== undefined) {
      return { refusal: unavailableTool(name, definition.unavailableReason) };
    }
    if (typeof args === 'string') return { refusal: unreadableArguments(name) };
    const issues = checkArguments(definition, args);
    if (issues.length > 0) return { refusal: wrongArguments(name, issues) };
    if (!isJsonObject(args)) return { refusal: unreadableArguments(name) };
    const tools = this.tools().map((one) => one.definition);
    const user = { tools, requiresApproval: this.agent.requiresApproval };
    return needsApproval(definition, user) ? { refusal: approvalNeeded(name) } : { tool, args };
  }

  private names(): string[] {
    return [...new Set([...this.agent.tools, ...this.servers.toolsOf(this.agent.mcpServers)])];
  }

  private tools(): Tool[] {
    return this.names().flatMap((name) => this.registry.find(name) ?? []);
  }
}
