import { request as openHttp } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** Answers that have no body by their status; `Response` refuses one. */
const BODILESS = new Set([101, 204, 205, 304]);

/**
 * `fetch` over node:http, without redirects: the built-in one compiles a parser of its own at its first call, which
 * takes longer than all else that `longhaul executions get` does (bench/README.md).
 */
export const httpFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  const { url, method, headers, signal } = request;
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  const open = url.startsWith('https:') ? (require('node:https') as typeof import('node:https')).request : openHttp;
  return new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers: Object.fromEntries(headers), signal }, (incoming) => {
      const { statusCode: status = 500, statusMessage: statusText = '' } = incoming;
      const stream = BODILESS.has(status) ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
      if (stream === null) incoming.resume();
      const pairs = incoming.rawHeaders.flatMap((name, index, all) =>
        index % 2 ? [] : [[name, all[index + 1] ?? '']],
      );
      resolve(
        new Response(stream as ConstructorParameters<typeof Response>[0], {
          status,
          statusText,
          headers: pairs as [string, string][],
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
};
