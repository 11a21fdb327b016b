import type { ExecutionEvent } from '../entities/execution-event.entity';
import type { LogNews } from './event-log';
import { EventRing } from './event-ring';

/** One log as this process follows it: its newest events, and those who wait for more. */
export class LogFeed {
  followers = 0;
  /** The look that brought it something last. */
  servedBy = 0;
  /** The execution was deleted. */
  gone = false;
  private ring: EventRing | undefined;
  private readonly waiting = new Set<() => void>();

  /** Of the event that comes next; 0 while nothing was read. */
  get nextSeq(): number {
    return this.ring?.nextSeq ?? 0;
  }

  take({ nextSeq, events }: LogNews): void {
    const first = events[0]?.event.seq ?? nextSeq;
    if (first === null) this.gone = true;
    else {
      this.ring ??= new EventRing(first);
      if (events.length > 0) this.ring.append(events);
      // The events are deleted and the execution is not.
      else this.ring.begin(first);
    }
    this.wake();
  }

  /** What is to be handed out now; `behind`: further back than is kept here. */
  since(after: number): ExecutionEvent[] | 'behind' {
    if (!this.ring) return [];
    return this.ring.since(after) ?? 'behind';
  }

  /** Resolves when there is more, or when `signal` aborts. */
  more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  wake(): void {
    for (const done of this.waiting) done();
  }
}
