import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';

/** After the command has ended: how long a pipe that somebody else holds open may say nothing. */
const SILENCE_MS = 1_000;

/**
 * Reads one stream to its end as text, no faster than `take` takes it. Bytes that are no UTF-8, and NUL, become U+FFFD;
 * a character that comes in two pieces stays whole. Once `exited` has resolved, a stream that stays open although it
 * is silent (a process that left the group holds it) counts as ended. Never rejects.
 */
export async function readOutput(
  stream: Readable,
  exited: Promise<unknown>,
  take: (text: string) => Promise<void>,
): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const state = { pieces: 0, reading: true, done: false };
  void exited.then(() => endSilence(stream, state));
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      state.pieces += 1;
      state.reading = false;
      await take(decoder.decode(bytes, { stream: true }).replaceAll('\0', '\ufffd'));
      state.reading = true;
    }
  } catch {
    // The pipe was closed under the reader: what it brought so far is all there is.
  }
  state.done = true;
  await take(decoder.decode());
}

async function endSilence(stream: Readable, state: { pieces: number; reading: boolean; done: boolean }) {
  while (!state.done) {
    const seen = state.pieces;
    await delay(SILENCE_MS);
    if (state.reading && state.pieces === seen) stream.destroy();
  }
}
