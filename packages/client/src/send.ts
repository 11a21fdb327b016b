import { asProblem, LonghaulConnectionError } from './errors.ts';
import { backOffMs, pause } from './pause.ts';

export interface SendOptions {
  fetch: typeof fetch;
  /** How long to try again after the first failure. */
  retryMs: number;
  /** How long one try may take to its last byte; of a stream, to its headers. */
  timeoutMs: number;
  stream?: boolean;
}

/** Those that say "later": too many requests, a proxy without its gateway, a gateway without its database. */
const PASSING = new Set([429, 502, 503, 504]);

/**
 * Sends until there is an answer worth giving back. Only for requests that may be sent twice: reads, cancels, and
 * submissions with an Idempotency-Key. Waits as `Retry-After` says, else with back-off and jitter. Throws
 * `LonghaulConnectionError`, or the reason of the request's signal.
 */
export async function send(request: Request, options: SendOptions): Promise<Response> {
  const { retryMs } = options;
  let until: number | undefined;
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await tryOnce(request, options);
    if ('response' in outcome && !outcome.passing) return outcome.response;
    until ??= performance.now() + retryMs;
    const pauseMs = ('response' in outcome ? retryAfterMs(outcome.response) : undefined) ?? backOffMs(attempt);
    if (performance.now() + pauseMs > until) {
      if ('response' in outcome) return outcome.response;
      throw new LonghaulConnectionError(request.url, outcome.error);
    }
    await pause(pauseMs, request.signal);
  }
}

type Outcome = { response: Response; passing: boolean } | { error: unknown };

async function tryOnce(request: Request, { fetch, timeoutMs, stream = false }: SendOptions): Promise<Outcome> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
  try {
    const response = await fetch(request.clone(), { signal: AbortSignal.any([request.signal, limit.signal]) });
    if (stream && response.ok) return { response, passing: false };
    const text = await response.text();
    const whole = new Response(text === '' ? null : text, response);
    return { response: whole, passing: PASSING.has(response.status) && !isOutcome(text) };
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** A synchronous execution that failed is answered with 502 or 504 as well; its problem names it. */
function isOutcome(text: string): boolean {
  try {
    return asProblem(JSON.parse(text))?.execution_id !== undefined;
  } catch {
    return false;
  }
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 ? seconds * 1_000 : undefined;
}
