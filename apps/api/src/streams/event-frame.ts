import type { ExecutionEvent } from '@longhaul/executions';
import { eventView } from '../executions/execution-view';

const frames = new WeakMap<ExecutionEvent, Buffer>();

/** An event as server-sent events have it; made once for all who are given this very event. */
export function eventFrame(event: ExecutionEvent): Buffer {
  let frame = frames.get(event);
  if (!frame) {
    frame = Buffer.from(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`);
    frames.set(event, frame);
  }
  return frame;
}

/** "Come back after this time with the last id"; at another moment for each, when many are told at once. */
export function retryFrame(fromMs: number, toMs = fromMs, comment = ''): Buffer {
  const ms = Math.round(fromMs + Math.random() * (toMs - fromMs));
  return Buffer.from(`retry: ${ms}\n${comment === '' ? '' : `: ${comment}\n`}\n`);
}
