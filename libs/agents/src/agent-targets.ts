import { Injectable } from '@nestjs/common';
import { ExecutionTargets, type ExecutionTarget } from '@longhaul/executions';
import { AgentRegistry } from './agent-registry';

/** What the lifecycle must know of an agent; also of one that is disabled, for what was accepted before. */
@Injectable()
export class AgentTargets extends ExecutionTargets {
  readonly kind = 'agent';

  constructor(private readonly registry: AgentRegistry) {
    super();
  }

  find(name: string): ExecutionTarget | undefined {
    const agent = this.registry.find(name);
    if (!agent) return undefined;
    const { queue, retries, limits } = agent;
    const { timeoutS, softTimeoutS, idleTimeoutS } = limits;
    return {
      queue,
      backoff: { kind: retries.backoff, delayMs: Math.round(retries.delayS * 1000) },
      timeoutMs: Math.round(timeoutS * 1000),
      ...(softTimeoutS === undefined ? {} : { softTimeoutMs: Math.round(softTimeoutS * 1000) }),
      idleTimeoutMs: Math.round(idleTimeoutS * 1000),
    };
  }
}
