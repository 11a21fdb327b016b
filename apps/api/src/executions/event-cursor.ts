import type { Execution } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';

/**
 * The seq after which a client wants the events; -1: all. The header comes first: an EventSource that comes back sends it
 * beside the query of its URL. Throws `invalid_request`, or `invalid_cursor` where no such event can have been seen.
 */
export function eventCursor(
  after: string | undefined,
  lastEventId: string | undefined,
  { nextSeq }: Pick<Execution, 'nextSeq'>,
): number {
  const cursor = lastEventId === undefined ? Number(after ?? -1) : parseLastEventId(lastEventId);
  if (cursor < nextSeq) return cursor;
  const path = lastEventId === undefined ? 'after' : 'Last-Event-ID';
  const last = nextSeq - 1;
  const message = `there is no event ${cursor}: the last event is ${last}`;
  const hint = `send ${last} for what comes next, or none for all events`;
  throw new LonghaulError('invalid_cursor', `${path}: ${message}; ${hint}`, { issues: [{ path, message, hint }] });
}

function parseLastEventId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const issues = [{ path: 'Last-Event-ID', message: 'expected the id of an event, a whole number' }];
  throw new LonghaulError('invalid_request', 'Last-Event-ID: expected the id of an event, a whole number', { issues });
}
