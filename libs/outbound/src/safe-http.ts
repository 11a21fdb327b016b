import { LonghaulError } from '@longhaul/kernel';
import { Agent, request as send } from 'undici';
import type { OutboundRequest, OutboundResponse } from './outbound-request';
import { discard, ENCODINGS, readBeginning, readBody } from './read-body';
import { redirected } from './redirect';
import { type ResolveAll, safeLookup } from './safe-lookup';
import { checkUrl } from './url-rule';

export interface SafeHttpOptions {
  /** `http.allow_private_cidrs`. */
  allowPrivateCidrs: readonly string[];
  /** Instead of the system's resolver, for tests. */
  resolve?: ResolveAll;
}

const CONNECT_MS = 5_000;
const TOTAL_MS = 30_000;
const MAX_BYTES = 2 * 1_048_576;
const MAX_REDIRECTS = 3;

/**
 * The way out for every call made on somebody's behalf. Only public addresses are called, and the networks that the
 * configuration names: the URL is judged by its text and each address again when the connection is made, for every
 * redirect anew. Answers whatever status came. Throws `outbound_refused` (permanent), `outbound_failed` (retryable: no
 * connection, cut, too slow, too large), or the reason of `signal`.
 */
export class SafeHttp {
  private readonly agent: Agent;

  constructor(private readonly options: SafeHttpOptions) {
    const lookup = safeLookup(options.allowPrivateCidrs, options.resolve);
    // The total time is the only clock: an agent may think for an hour before its first byte.
    this.agent = new Agent({ connect: { timeout: CONNECT_MS, lookup }, headersTimeout: 0, bodyTimeout: 0 });
  }

  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const { signal, timeoutMs = TOTAL_MS } = request;
    const time = AbortSignal.timeout(timeoutMs);
    const both = signal ? AbortSignal.any([signal, time]) : time;
    try {
      return await this.follow(request, both);
    } catch (error) {
      signal?.throwIfAborted();
      const place = `${request.method} ${withoutQuery(request.url)}`;
      if (time.aborted) throw failed(`${place}: no answer within ${timeoutMs / 1_000} s`, error);
      if (error instanceof LonghaulError) throw new LonghaulError(error.code, `${place}: ${error.message}`, error);
      throw failed(`${place}: ${reasonOf(error)}`, error);
    }
  }

  /** Ends the connections; what is under way fails. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async follow(first: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    let request = first;
    for (let hops = 0; ; hops += 1) {
      const issue = checkUrl(request.url, { path: 'url', allowPrivateCidrs: this.options.allowPrivateCidrs });
      const { hostname } = issue ? {} : new URL(request.url);
      if (hostname !== undefined && request.allowsHost?.(hostname) === false) {
        const from = hops === 0 ? '' : 'was redirected to where it may not go, ';
        throw new LonghaulError('outbound_refused', `${from}host ${hostname} is not one of those that are allowed`);
      }
      if (issue) {
        const hint = issue.hint === undefined ? '' : `: ${issue.hint}`;
        const from = hops === 0 ? '' : 'was redirected to where it may not go, ';
        throw new LonghaulError('outbound_refused', `${from}${issue.message}${hint}`);
      }
      const {
        statusCode: status,
        headers: raw,
        body,
      } = await send(request.url, {
        dispatcher: this.agent,
        method: request.method,
        headers: { 'accept-encoding': ENCODINGS, ...request.headers },
        signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const headers = Object.fromEntries(
        Object.entries(raw).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
      );
      let next: OutboundRequest | null;
      try {
        next = redirected(request, status, headers['location']);
      } catch (error) {
        discard(body);
        throw error;
      }
      if (!next) {
        const read = request.cutsBody ? readBeginning : readBody;
        const bytes = await read(body, headers['content-encoding'], request.maxBytes ?? MAX_BYTES);
        return { url: request.url, status, headers, body: bytes };
      }
      discard(body);
      if (hops === MAX_REDIRECTS)
        throw failed(`more than ${MAX_REDIRECTS} redirects, the last to ${withoutQuery(next.url)}`);
      request = next;
    }
  }
}

/** A query may hold what is nobody else's business. */
function withoutQuery(text: string): string {
  const url = URL.parse(text);
  return url && url.host !== '' ? `${url.origin}${url.pathname}` : 'a URL';
}

function failed(message: string, cause?: unknown): LonghaulError {
  return new LonghaulError('outbound_failed', message, { retryable: true, cause });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  ENOTFOUND: 'the name is unknown',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${CONNECT_MS / 1_000} s`,
};

function reasonOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return REASONS[code ?? ''] ?? (message || code || String(error));
}
