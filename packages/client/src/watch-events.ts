import { LonghaulConnectionError } from './errors.ts';
import { backOffMs, pause } from './pause.ts';
import { readEvents } from './read-events.ts';
import type { ExecutionEvent, WatchOptions } from './types.ts';

export interface EventSource {
  /** The stream after that event; null when there is nothing more, and never will be. */
  open(after: number): Promise<ReadableStream<Uint8Array> | null>;
  /** Resolves after so long, or at the execution's end. */
  rest(ms: number): Promise<void>;
}

/** Unless the gateway says otherwise. */
const REST_MS = 2_000;
/** Streams in a row that are cut before they bring anything new. */
const MAX_CUTS = 10;
const LAST = new Set<ExecutionEvent['type']>(['execution.completed', 'execution.failed', 'execution.cancelled']);

/** Every event once and in order, over as many streams as it takes. Ends after the terminal one. */
export async function* watchEvents(
  source: EventSource,
  { after = -1, follow = true, signal }: WatchOptions,
): AsyncGenerator<ExecutionEvent, void, undefined> {
  let seq = after;
  let cuts = 0;
  for (;;) {
    const stream = await source.open(seq);
    if (stream === null) return;
    let restMs = REST_MS;
    try {
      for await (const frame of readEvents(stream)) {
        if ('retryMs' in frame) restMs = frame.retryMs;
        else if (frame.event.seq > seq) {
          cuts = 0;
          seq = frame.event.seq;
          yield frame.event;
          if (LAST.has(frame.event.type)) return;
        }
      }
    } catch (error) {
      signal?.throwIfAborted();
      cuts += 1;
      if (cuts > MAX_CUTS) throw new LonghaulConnectionError('the event stream', error);
      await pause(backOffMs(cuts), signal);
      continue;
    }
    if (!follow) return;
    await source.rest(restMs);
  }
}
