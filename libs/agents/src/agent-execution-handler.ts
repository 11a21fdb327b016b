import { Inject, Injectable } from '@nestjs/common';
import { ExecutionHandler, type ExecutionContext, type ExecutionResult } from '@longhaul/executions';
import { RetryableError } from '@longhaul/kernel';
import { AgentRegistry } from './agent-registry';
import { withOverrides } from './forks/with-overrides';
import { AGENT_RUNTIMES, type AgentRuntime } from './runtimes/agent-runtime';

/** Runs an execution by its agent's runtime. */
@Injectable()
export class AgentExecutionHandler extends ExecutionHandler {
  readonly kind = 'agent';
  private readonly runtimes: ReadonlyMap<string, AgentRuntime>;

  constructor(
    private readonly registry: AgentRegistry,
    @Inject(AGENT_RUNTIMES) runtimes: AgentRuntime[],
  ) {
    super();
    this.runtimes = new Map(runtimes.map((runtime) => [runtime.name, runtime]));
  }

  /**
   * Throws `agent_unavailable`, retryable, when this worker cannot run the agent: while workers are being replaced,
   * another one may have what this one lacks.
   */
  async run(context: ExecutionContext): Promise<ExecutionResult> {
    const agent = this.registry.find(context.target);
    const runtime = agent && this.runtimes.get(agent.runtime);
    if (!runtime || agent.unavailableReason !== undefined) {
      const reason = agent?.unavailableReason ?? 'this worker knows no such agent, give it the same workspace and code';
      throw new RetryableError(`agent "${context.target}" is unavailable: ${reason}`, { code: 'agent_unavailable' });
    }
    return runtime.run(withOverrides(agent, context.overrides), context);
  }
}
