import { Injectable } from '@nestjs/common';
import { type AgentInput, AgentsService, type SubmitRequest } from '@longhaul/agents';
import {
  type ExecutionChange,
  ExecutionHooks,
  type ExecutionListener,
  type ExecutionRecord,
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  toExecutionRecord,
} from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';

/** Without API keys everything is this owner's, in code as over HTTP. */
const LOCAL = 'local';
/** How long one look waits. */
const LOOK_MS = 60_000;

export type SubmitOptions = Pick<
  SubmitRequest,
  'metadata' | 'tags' | 'priority' | 'delayS' | 'timeoutS' | 'maxRetries' | 'conversationId' | 'correlationId'
> & {
  /** Whose it is; nobody else sees it. `local` when absent. */
  owner?: string;
};

export interface WaitOptions {
  owner?: string;
  /** Then it is answered as it stands. No limit when absent. */
  timeoutMs?: number;
  /** Ends the wait, never the execution. */
  signal?: AbortSignal;
}

/** What an agent is asked: a message, or an input that fits its schema. */
export type AgentRequest = { message: string; context?: JsonObject } | { input: JsonValue };

/** The gateway in code: what the HTTP API offers, without HTTP. Inject it wherever `GatewayModule` is imported. */
@Injectable()
export class GatewayService {
  constructor(
    private readonly agents: AgentsService,
    private readonly executions: ExecutionsService,
    private readonly reader: ExecutionsReader,
    private readonly hooks: ExecutionHooks,
  ) {}

  /**
   * Has an execution accepted; resolves after the commit, without waiting for the run. Throws a `LonghaulError`:
   * `not_found`, `agent_disabled`, `agent_unavailable`, `invalid_request` with its issues, or `queue_full`.
   */
  async submit(agent: string, request: AgentRequest, options: SubmitOptions = {}): Promise<ExecutionRecord> {
    const { owner = LOCAL, ...rest } = options;
    const { execution } = await this.agents.submit({ agentId: agent, owner, input: inputOf(request), ...rest });
    return toExecutionRecord(execution);
  }

  /** Submits a message and waits for the end. A failure is not thrown: it is in `status` and `error`. */
  async chat(agent: string, message: string, options: SubmitOptions & WaitOptions = {}): Promise<ExecutionRecord> {
    return this.submitAndWait(agent, { message }, options);
  }

  /** Submits an input and waits for the end. A failure is not thrown: it is in `status` and `error`. */
  async invoke(agent: string, input: JsonValue, options: SubmitOptions & WaitOptions = {}): Promise<ExecutionRecord> {
    return this.submitAndWait(agent, { input }, options);
  }

  /** The execution as it stands. Throws `not_found`, also for somebody else's. */
  async execution(id: string, { owner = LOCAL }: { owner?: string } = {}): Promise<ExecutionRecord> {
    return toExecutionRecord(await this.reader.get(id, owner));
  }

  /** The execution once it has ended; or as it stands when the time is up, `signal` aborts, or the gateway closes. */
  async wait(id: string, { owner = LOCAL, timeoutMs = Infinity, signal }: WaitOptions = {}): Promise<ExecutionRecord> {
    const until = performance.now() + timeoutMs;
    for (;;) {
      const lookMs = Math.min(until - performance.now(), LOOK_MS);
      const began = performance.now();
      const execution = await this.executions.wait(id, owner, lookMs, signal);
      // Earlier than that it answers only for one of the reasons above.
      const early = performance.now() - began < lookMs - 1;
      if (isTerminal(execution.status) || early || performance.now() >= until) return toExecutionRecord(execution);
    }
  }

  /** Asks for it to be cancelled; idempotent, also on one that has ended. Answers it as it stands right after. */
  async cancelExecution(id: string, { owner = LOCAL }: { owner?: string } = {}): Promise<ExecutionRecord> {
    return toExecutionRecord(await this.executions.cancel(id, owner));
  }

  /** Tells of executions in this process, after the commit, best effort. Answers how to stop listening. */
  on(change: ExecutionChange, listener: ExecutionListener): () => void {
    return this.hooks.on(change, listener);
  }

  private async submitAndWait(
    agent: string,
    request: AgentRequest,
    { timeoutMs, signal, ...options }: SubmitOptions & WaitOptions,
  ): Promise<ExecutionRecord> {
    const { id, owner } = await this.submit(agent, request, options);
    return this.wait(id, {
      owner,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function inputOf(request: AgentRequest): AgentInput {
  return 'input' in request ? { operation: 'invoke', input: request.input } : { operation: 'chat', ...request };
}
