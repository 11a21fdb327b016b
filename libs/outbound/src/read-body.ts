import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { LonghaulError } from '@longhaul/kernel';

const DECODERS: ReadonlyMap<string, (() => NodeJS.ReadWriteStream) | null> = new Map([
  ['identity', null],
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** The encodings that are understood, for Accept-Encoding. */
export const ENCODINGS = 'gzip, deflate, br';

/**
 * The decompressed body. Stops reading, and so closes the connection, at one byte more than `maxBytes`: an error, unless
 * the body is to be cut there.
 */
export async function readBody(
  body: Readable,
  encoding: string | undefined,
  { maxBytes, cuts = false }: { maxBytes: number; cuts?: boolean | undefined },
): Promise<Buffer> {
  const decoder = DECODERS.get((encoding ?? 'identity').trim().toLowerCase());
  if (decoder === undefined) {
    discard(body);
    throw new LonghaulError('outbound_failed', `the answer has the Content-Encoding "${encoding}": use ${ENCODINGS}`);
  }
  // The callback is there because without it an error of one stream would not reach the other.
  const stream: NodeJS.ReadableStream = decoder === null ? body : pipeline(body, decoder(), () => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes && cuts) {
      chunks.push(chunk.subarray(0, chunk.length - (size - maxBytes)));
      break;
    }
    if (size > maxBytes) {
      throw new LonghaulError('outbound_failed', `the answer is larger than ${maxBytes / 1024} KiB, decompressed`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Closes the connection under a body that nobody wants; it says so by an error, which nobody wants either. */
export function discard(body: Readable): void {
  body.on('error', () => undefined).destroy();
}
