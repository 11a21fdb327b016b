import type { ExecutionEvent } from '@longhaul/executions';
import { eventView } from './execution-view';

/** Reads the page of events after a seq; an empty page is the end of what is stored. */
export type ReadPage = (after: number) => Promise<ExecutionEvent[]>;

/** What a client does at the end of a stream that broke off: come back after this time with Last-Event-ID. */
const RETRY_MS = 2_000;

/** The stored events as server-sent events; `first` is the page that the headers waited for. */
export async function* eventStream(first: ExecutionEvent[], readPage: ReadPage, tail: string): AsyncGenerator<string> {
  for (let page = first; page.length > 0;) {
    yield page.map(eventFrame).join('');
    page = await readPage(page.at(-1)?.seq ?? 0);
  }
  if (tail !== '') yield tail;
}

/** Ends a stream whose execution goes on: following live is not built yet. */
export const RECONNECT = `retry: ${RETRY_MS}\n: following live is not built yet; reconnect with Last-Event-ID for what came since\n\n`;

function eventFrame(event: ExecutionEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`;
}
