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

/** How long the beginning of a body is waited for. */
const BEGINNING_MS = 1_000;

/** The decompressed body. Stops reading, and so closes the connection, at one byte more than `maxBytes`: an error. */
export async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(body, encoding)) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new LonghaulError('outbound_failed', `the answer is larger than ${maxBytes / 1024} KiB, decompressed`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * As much of the decompressed body as comes within a second, and no more than `maxBytes`. Never rejects: whoever reads
 * only the beginning goes by the status, which has come, and not by a body that is cut, stays open or cannot be decoded.
 */
export async function readBeginning(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => discard(body), BEGINNING_MS);
  try {
    for await (const chunk of decoded(body, encoding)) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  } catch {
    // What has come until then is what there is.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function decoded(body: Readable, encoding: string | undefined): AsyncIterable<Buffer> {
  const decoder = DECODERS.get((encoding ?? 'identity').trim().toLowerCase());
  if (decoder === undefined) {
    discard(body);
    throw new LonghaulError('outbound_failed', `the answer has the Content-Encoding "${encoding}": use ${ENCODINGS}`);
  }
  // The callback is there because without it an error of one stream would not reach the other.
  const stream: NodeJS.ReadableStream = decoder === null ? body : pipeline(body, decoder(), () => undefined);
  return stream as AsyncIterable<Buffer>;
}

/** Closes the connection under a body that nobody wants; it says so by an error, which nobody wants either. */
export function discard(body: Readable): void {
  body.on('error', () => undefined).destroy();
}
