import { Injectable } from '@nestjs/common';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import { inputIssues, isJsonObject, type JsonValue, PermanentError } from '@longhaul/kernel';
import { AgentRegistry } from '../agent-registry';
import type { AgentDefinition } from '../definition/agent-definition';
import { outputInvalid } from '../definition/output-invalid';
import { AgentRuntime } from './agent-runtime';

/** Calls the Nest provider that wears `@Agent` with the agent's id. */
@Injectable()
export class CodeRuntime extends AgentRuntime {
  readonly name = 'code';

  constructor(private readonly registry: AgentRegistry) {
    super();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const handler = this.registry.handler(agent.id);
    if (!handler) {
      const message = `the code agent "${agent.id}" has no method run(context): implement AgentHandler`;
      throw new PermanentError(message, { code: 'agent_unavailable' });
    }
    // Typed as never undefined, but authors write `run() {}` in JavaScript, and undefined is no JSON.
    const answer: ExecutionResult | JsonValue | undefined = await handler.run(context);
    const result = isExecutionResult(answer ?? null) ? (answer as ExecutionResult) : { output: answer ?? null };
    const issues =
      agent.outputSchema === null ? [] : inputIssues(agent.outputSchema, result.output as JsonValue, 'output');
    if (issues.length > 0) throw outputInvalid(agent.id, issues);
    return result as ExecutionResult;
  }
}

/** `{ output }` or `{ output, usage }` and nothing else; any other object is itself the output. */
function isExecutionResult(answer: ExecutionResult | JsonValue): answer is ExecutionResult {
  if (!isJsonObject(answer) || !('output' in answer)) return false;
  return Object.keys(answer).every((key) => key === 'output' || key === 'usage');
}
