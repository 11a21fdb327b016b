import type { ExecutionEvent } from '../entities/execution-event.entity';
import { type SizedEvent, TAIL_EVENTS, TAIL_LENGTH } from './event-log';

/** The newest events of one log, without a gap and bounded in number and length; the last one always. */
export class EventRing {
  private entries: SizedEvent[] = [];
  private length = 0;

  /** `nextSeq`: of the event that comes next. */
  constructor(public nextSeq: number) {}

  /** Takes what has come. After a gap (more came than a reader of the tail was given) it begins anew. */
  append(events: SizedEvent[]): void {
    for (const entry of events) {
      if (entry.event.seq !== this.nextSeq) this.begin(entry.event.seq);
      this.entries.push(entry);
      this.length += entry.length;
      this.nextSeq += 1;
    }
    let dropped = 0;
    while (
      this.entries.length - dropped > TAIL_EVENTS ||
      (this.length > TAIL_LENGTH && this.entries.length - dropped > 1)
    ) {
      this.length -= this.entries[dropped]?.length ?? 0;
      dropped += 1;
    }
    if (dropped > 0) this.entries = this.entries.slice(dropped);
  }

  /** Empty from here on. */
  begin(nextSeq: number): void {
    this.entries = [];
    this.length = 0;
    this.nextSeq = nextSeq;
  }

  /** All events after that one, perhaps none; undefined when it does not reach so far back. */
  since(after: number): ExecutionEvent[] | undefined {
    if (after >= this.nextSeq - 1) return [];
    const index = after + 1 - (this.nextSeq - this.entries.length);
    if (index < 0) return undefined;
    return this.entries.slice(index).map(({ event }) => event);
  }
}
