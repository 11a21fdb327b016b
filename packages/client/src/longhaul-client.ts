import createClient, { type Client } from 'openapi-fetch';
import { answer } from './answer.ts';
import { Approvals } from './approvals.ts';
import { Conversations } from './conversations.ts';
import { DeadLetters } from './dead-letters.ts';
import { Deliveries } from './deliveries.ts';
import { LonghaulApiError, LonghaulExecutionError, LonghaulTimeoutError } from './errors.ts';
import type { paths } from './openapi.ts';
import { pause } from './pause.ts';
import { send } from './send.ts';
import * as types from './types.ts';
import { watchEvents } from './watch-events.ts';
import { Webhooks } from './webhooks.ts';
import { Workers } from './workers.ts';

export interface LonghaulClientOptions {
  /** Where the gateway answers, such as `http://127.0.0.1:8000`. */
  url: string;
  apiKey?: string;
  /** Instead of the global one. */
  fetch?: typeof fetch;
  /** Seconds for which a call that got no answer, or 429, 502, 503, 504, is tried again. Default 15. */
  retryS?: number;
  /** The same for `wait` and `watch`, which outlive restarts of the gateway. Default 120. */
  outageS?: number;
}

/** A long-poll: below the idle limits of the proxies there are. */
const POLL_S = 25;
/** Over a long-poll's own time, and for every other request. */
const REQUEST_S = 30;
/** With queue backend `none` a submission waits, by default up to 120 s. */
const SUBMIT_S = 150;
/** Before another look at a gateway that did not wait as asked. */
const LOOK_S = 2;

/** A gateway over HTTP. Needs nothing but `fetch`: Node, browsers, edge. */
export class LonghaulClient {
  readonly url: string;
  readonly approvals: Approvals;
  readonly conversations: Conversations;
  readonly deadLetters: DeadLetters;
  readonly deliveries: Deliveries;
  readonly webhooks: Webhooks;
  readonly workers: Workers;
  private readonly api: Client<paths>;
  private readonly fetch: typeof fetch;
  private readonly retryMs: number;
  private readonly outageMs: number;

  /** Throws a `TypeError` for a URL that is none. */
  constructor({ url, apiKey, fetch: own, retryS = 15, outageS = 120 }: LonghaulClientOptions) {
    this.url = baseUrl(url);
    // Looked up at each call, and called without a `this`: browsers refuse another one.
    this.fetch = own ?? ((input, init) => fetch(input, init));
    this.retryMs = retryS * 1_000;
    this.outageMs = outageS * 1_000;
    this.api = createClient<paths>({
      baseUrl: this.url,
      ...(apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } }),
    });
    this.approvals = new Approvals(this.api, (how) => this.sending(how));
    this.conversations = new Conversations(this.api, (how) => this.sending(how));
    this.deadLetters = new DeadLetters(this.api, (how) => this.sending(how));
    this.deliveries = new Deliveries(this.api, (how) => this.sending(how));
    this.webhooks = new Webhooks(this.api, (how) => this.sending(how));
    this.workers = new Workers(this.api, (how) => this.sending(how));
  }

  /**
   * Hands it in and does not wait for its end: a `message` is a chat, an `input` an invocation. Answers what the
   * gateway holds: 202's body, or the record where it had ended by then (queue backend `none`). Tried again with the
   * same Idempotency-Key, so that it runs once.
   */
  async submit(
    agent: string,
    body: types.ChatRequest | types.InvokeRequest,
    options: types.SubmitOptions = {},
  ): Promise<types.Accepted | types.Execution> {
    const { idempotencyKey = newKey(), correlationId, traceparent, signal } = options;
    const header = {
      Prefer: 'respond-async',
      'Idempotency-Key': idempotencyKey,
      ...(correlationId === undefined ? {} : { 'X-Correlation-Id': correlationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const init = { params: { path: { id: agent }, header }, ...this.sending({ signal, timeoutS: SUBMIT_S }) };
    const { data, error, response } =
      'message' in body
        ? await this.api.POST('/v1/agents/{id}/chat', { ...init, body })
        : await this.api.POST('/v1/agents/{id}/invoke', { ...init, body });
    if (data !== undefined) return data;
    const refusal = new LonghaulApiError(response, error);
    // It was accepted, and has failed while the gateway waited.
    if (refusal.executionId !== undefined) return this.get(refusal.executionId, { signal });
    throw refusal;
  }

  /** Asks and waits for the answer. Throws `LonghaulExecutionError` when it fails, `LonghaulTimeoutError`. */
  async chat(
    agent: string,
    request: string | types.ChatRequest,
    options: types.SubmitOptions & types.WaitOptions = {},
  ): Promise<types.Execution> {
    return this.complete(agent, typeof request === 'string' ? { message: request } : request, options);
  }

  /** Calls with an input that fits the agent's schema, and waits for the result; throws as `chat` does. */
  async invoke(
    agent: string,
    request: types.InvokeRequest,
    options: types.SubmitOptions & types.WaitOptions = {},
  ): Promise<types.Execution> {
    return this.complete(agent, request, options);
  }

  /** The record once it is terminal, whatever its end. Lives through restarts of the gateway. */
  async wait(id: string, { timeoutS, signal }: types.WaitOptions = {}): Promise<types.Execution> {
    const until = timeoutS === undefined ? Infinity : performance.now() + timeoutS * 1_000;
    for (;;) {
      const askedAt = performance.now();
      const leftS = Math.max(0, (until - askedAt) / 1_000);
      const execution = await this.read(id, Math.min(POLL_S, leftS), signal);
      if (types.isTerminal(execution.status)) return execution;
      const now = performance.now();
      if (timeoutS !== undefined && now >= until) throw new LonghaulTimeoutError(execution, timeoutS);
      if (now - askedAt < 1_000) await pause(Math.min(LOOK_S * 1_000, until - now), signal);
    }
  }

  /** Its events in order, from the first one to the last. Comes back by itself when the stream is cut or ends early. */
  watch(
    id: string,
    { after, follow = true, signal }: types.WatchOptions = {},
  ): AsyncGenerator<types.ExecutionEvent, void, undefined> {
    return watchEvents(
      {
        open: (seq) => this.openEvents(id, seq, follow, signal),
        rest: async (ms) => void (await this.read(id, ms / 1_000, signal)),
      },
      { after, follow, signal },
    );
  }

  async get(id: string, { signal }: types.CallOptions = {}): Promise<types.Execution> {
    return answer(await this.api.GET('/v1/executions/{id}', { params: { path: { id } }, ...this.sending({ signal }) }));
  }

  /** One page, newest first; `next_cursor` is the next one's `cursor`. */
  async list(query: types.ExecutionFilter = {}, { signal }: types.CallOptions = {}): Promise<types.ExecutionList> {
    return answer(await this.api.GET('/v1/executions', { params: { query }, ...this.sending({ signal }) }));
  }

  /** It and what is below it: parents before their children, each with its `parent_id`. */
  async tree(id: string, { signal }: types.CallOptions = {}): Promise<types.ExecutionTree> {
    return answer(
      await this.api.GET('/v1/executions/{id}/tree', { params: { path: { id } }, ...this.sending({ signal }) }),
    );
  }

  /** The attempts. */
  async runs(id: string, { signal }: types.CallOptions = {}): Promise<types.Run[]> {
    const { items } = answer(
      await this.api.GET('/v1/executions/{id}/runs', { params: { path: { id } }, ...this.sending({ signal }) }),
    );
    return items;
  }

  /** The whole step journal. `include: 'result'`: also what each step has recorded, up to 5 MB each. */
  async steps(id: string, { include, signal }: types.CallOptions & { include?: 'result' } = {}): Promise<types.Step[]> {
    const steps: types.Step[] = [];
    const query: { include?: 'result'; cursor?: string } = include === undefined ? {} : { include };
    for (;;) {
      const params = { path: { id }, query };
      const page = answer(await this.api.GET('/v1/executions/{id}/steps', { params, ...this.sending({ signal }) }));
      steps.push(...page.items);
      if (page.next_cursor === null) return steps;
      query.cursor = page.next_cursor;
    }
  }

  /** Asks for it to be cancelled; the record as it is at that moment. May be asked twice, also after the end. */
  async cancel(id: string, { signal }: types.CallOptions = {}): Promise<types.Execution> {
    return answer(
      await this.api.POST('/v1/executions/{id}/cancel', { params: { path: { id } }, ...this.sending({ signal }) }),
    );
  }

  /**
   * Has a failed one tried anew, with another input where that is given. Answers the new execution; asked again, the
   * same one. Throws 409 `not_failed`.
   */
  async retry(
    id: string,
    change: types.RetryRequest = {},
    { signal }: types.CallOptions = {},
  ): Promise<types.Accepted> {
    const init = { params: { path: { id } }, body: change, ...this.sending({ signal }) };
    return answer(await this.api.POST('/v1/executions/{id}/retry', init));
  }

  /**
   * Has one that is over done again from a step on, with something changed. Answers the new execution; it is made once,
   * however often the request must be sent. Throws 409 `not_over`.
   */
  async fork(
    id: string,
    change: types.ForkRequest = {},
    { idempotencyKey = newKey(), signal }: types.CallOptions & { idempotencyKey?: string } = {},
  ): Promise<types.Accepted> {
    const params = { path: { id }, header: { 'Idempotency-Key': idempotencyKey } };
    return answer(
      await this.api.POST('/v1/executions/{id}/fork', { params, body: change, ...this.sending({ signal }) }),
    );
  }

  /** Two executions beside each other. `include: 'result'`: also what each step has recorded. */
  async diff(
    id: string,
    other: string,
    { include, signal }: types.CallOptions & { include?: 'result' } = {},
  ): Promise<types.ExecutionDiff> {
    const params = { path: { id, other }, query: include === undefined ? {} : { include } };
    return answer(await this.api.GET('/v1/executions/{id}/diff/{other}', { params, ...this.sending({ signal }) }));
  }

  async agents({ signal }: types.CallOptions = {}): Promise<types.Agent[]> {
    return answer(await this.api.GET('/v1/agents', this.sending({ signal }))).items;
  }

  async agent(id: string, { signal }: types.CallOptions = {}): Promise<types.Agent> {
    return answer(await this.api.GET('/v1/agents/{id}', { params: { path: { id } }, ...this.sending({ signal }) }));
  }

  /** Readiness, asked once: that it is not ready is an answer, that nobody answers is a `LonghaulConnectionError`. */
  async health({ signal }: types.CallOptions = {}): Promise<types.Health> {
    const { data, error, response } = await this.api.GET('/health/ready', this.sending({ signal, retryMs: 0 }));
    if (data !== undefined) return data;
    const refusal = new LonghaulApiError(response, error);
    if (response.status !== 503 || !refusal.problem) throw refusal;
    return { status: 'down', details: refusal.problem.details ?? {} };
  }

  /** The OpenAPI document of this gateway's workspace. */
  async openapi({ signal }: types.CallOptions = {}): Promise<Record<string, unknown>> {
    const request = new Request(`${this.url}/openapi.json`, signal ? { signal } : {});
    const response = await this.sending({ signal }).fetch(request);
    if (!response.ok) throw new LonghaulApiError(response, undefined);
    return (await response.json()) as Record<string, unknown>;
  }

  private async complete(
    agent: string,
    body: types.ChatRequest | types.InvokeRequest,
    options: types.SubmitOptions & types.WaitOptions,
  ): Promise<types.Execution> {
    const { execution_id } = await this.submit(agent, body, options);
    const execution = await this.wait(execution_id, options);
    if (execution.status !== 'completed') throw new LonghaulExecutionError(execution);
    return execution;
  }

  private async read(id: string, waitS: number, signal?: AbortSignal): Promise<types.Execution> {
    const params = { path: { id }, query: { wait: Math.round(waitS * 1_000) / 1_000 } };
    const how = this.sending({ signal, timeoutS: waitS + REQUEST_S, retryMs: this.outageMs });
    return answer(await this.api.GET('/v1/executions/{id}', { params, ...how }));
  }

  /** Null when there is nothing after that event, and never will be. */
  private async openEvents(
    id: string,
    after: number,
    follow: boolean,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array> | null> {
    const { error, response } = await this.api.GET('/v1/executions/{id}/events', {
      params: {
        path: { id },
        query: { follow: follow ? 'true' : 'false' },
        ...(after < 0 ? {} : { header: { 'Last-Event-ID': String(after) } }),
      },
      headers: { accept: 'text/event-stream' },
      parseAs: 'stream',
      ...this.sending({ signal, retryMs: this.outageMs, stream: true }),
    });
    if (!response.ok) throw new LonghaulApiError(response, error);
    return response.status === 204 ? null : response.body;
  }

  private sending(how: { signal: AbortSignal | undefined; timeoutS?: number; retryMs?: number; stream?: boolean }) {
    const { signal, timeoutS = REQUEST_S, retryMs = this.retryMs, stream = false } = how;
    const options = { fetch: this.fetch, retryMs, timeoutMs: timeoutS * 1_000, stream };
    return { fetch: (request: Request) => send(request, options), ...(signal ? { signal } : {}) };
  }
}

function baseUrl(text: string): string {
  const { protocol = '', username = '', password = '' } = URL.canParse(text) ? new URL(text) : {};
  if (username !== '' || password !== '')
    throw new TypeError('url: leave out what stands before the @, fetch refuses it');
  if (protocol === 'http:' || protocol === 'https:') return text.replace(/\/+$/, '');
  throw new TypeError(`url: expected one such as http://127.0.0.1:8000, got "${text}"`);
}

/** Not `randomUUID`: a browser has it on https pages only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
