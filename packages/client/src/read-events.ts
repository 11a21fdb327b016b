import { createParser } from 'eventsource-parser';
import type { ExecutionEvent } from './types.ts';

/** An event, or the time after which the gateway wants us back. */
export type Frame = { event: ExecutionEvent } | { retryMs: number };

/** Longer than the gateway's heartbeats are apart: a stream that is silent for so long is dead. */
const SILENCE_MS = 30_000;

/** The frames of a stream of server-sent events. Throws when it is cut or falls silent. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const frames: Frame[] = [];
  const parser = createParser({
    onEvent: ({ data }) => frames.push({ event: JSON.parse(data) as ExecutionEvent }),
    onRetry: (retryMs) => frames.push({ retryMs }),
  });
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read());
      if (value) parser.feed(decoder.decode(value, { stream: true }));
      yield* frames.splice(0);
      if (done) return;
    }
  } finally {
    // Also when whoever reads has had enough.
    void reader.cancel().catch(() => undefined);
  }
}

async function withinSilence<T>(read: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the stream was silent for ${SILENCE_MS / 1_000} s`)), SILENCE_MS);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}
