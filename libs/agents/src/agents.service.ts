import { Injectable } from '@nestjs/common';
import { ExecutionsService } from '@longhaul/executions';
import { LonghaulError, unknownName } from '@longhaul/kernel';
import { AgentRegistry } from './agent-registry';
import type { AgentDefinition } from './definition/agent-definition';
import { optionIssues } from './request-limits';
import { assertFits, assertRunnable, storedInput } from './submission-checks';
import type { SubmitRequest, Submitted } from './submit-request';

/** The door to the agents: what there is, and how to have one run. */
@Injectable()
export class AgentsService {
  constructor(
    private readonly registry: AgentRegistry,
    private readonly executions: ExecutionsService,
  ) {}

  /** Every agent that loaded, by id; also those that are disabled or unavailable. The same array until it changes. */
  catalogue(): readonly AgentDefinition[] {
    return this.registry.list();
  }

  /** Throws `not_found` with the id that was probably meant. */
  get(id: string): AgentDefinition {
    const definition = this.registry.find(id);
    if (definition) return definition;
    const ids = this.registry.list().map((agent) => agent.id);
    throw new LonghaulError('not_found', unknownName('agent', id, ids));
  }

  /**
   * Checks the request and has it accepted. Throws `not_found`, `agent_disabled`, `agent_unavailable`, or
   * `invalid_request` with an issue for everything wrong, its path in the request's body (`input.subject`).
   */
  async submit(request: SubmitRequest): Promise<Submitted> {
    const agent = this.get(request.agentId);
    assertRunnable(agent);
    assertFits(agent, request.input, optionIssues(request));
    const outcome = await this.executions.submit({
      kind: 'agent',
      target: agent.id,
      owner: request.owner,
      queue: agent.queue,
      priority: request.priority ?? agent.priority,
      input: storedInput(request.input),
      metadata: request.metadata ?? {},
      tags: request.tags ?? [],
      maxAttempts: (request.maxRetries ?? agent.retries.maxRetries) + 1,
      delayMs: Math.round((request.delayS ?? 0) * 1000),
      isTurn: request.input.operation === 'chat',
      timeoutMs: request.timeoutS === undefined ? null : Math.round(request.timeoutS * 1000),
      deadlineMs: Math.round(agent.limits.deadlineS * 1000),
      ...(request.conversationId === undefined ? {} : { conversationId: request.conversationId }),
      ...(request.correlationId === undefined ? {} : { correlationId: request.correlationId }),
      ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
      ...(request.notify === undefined ? {} : { notify: request.notify }),
      ...(request.idempotency === undefined ? {} : { idempotency: request.idempotency }),
    });
    return { agent, ...outcome };
  }
}
