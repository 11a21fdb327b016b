import { Injectable } from '@nestjs/common';
import { type ChildCommand, ExecutionTargets, type ExecutionTarget } from '@longhaul/executions';
import { type JsonValue, LonghaulError, PermanentError, unknownName } from '@longhaul/kernel';
import { AgentRegistry } from './agent-registry';
import { assertFits, assertRunnable, storedInput } from './submission-checks';

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

  child(name: string, input: JsonValue): ChildCommand {
    const agent = this.registry.find(name);
    const known = this.registry.list().map(({ id }) => id);
    if (!agent) throw new PermanentError(unknownName('agent', name, known));
    const asked = { operation: 'invoke', input } as const;
    try {
      assertRunnable(agent);
      assertFits(agent, asked);
    } catch (error) {
      if (!(error instanceof LonghaulError)) throw error;
      throw new PermanentError(withIssues(error), { code: error.code, cause: error });
    }
    return {
      queue: agent.queue,
      priority: agent.priority,
      input: storedInput(asked),
      maxAttempts: agent.retries.maxRetries + 1,
      timeoutMs: null,
      deadlineMs: Math.round(agent.limits.deadlineS * 1000),
    };
  }
}

/** A step's error has no list of its own: what is wrong goes into the sentence. */
function withIssues({ message, issues = [] }: LonghaulError): string {
  return [message, ...issues.map(({ path, message: text }) => `${path}: ${text}`)].join('; ');
}
