import { eventually } from './eventually';
import { SseReader } from './sse-reader';

const LAST = /\nevent: execution\.(completed|failed|cancelled)\n/;

/** A client as docs/streams.md wants it: it comes back with the last id, wherever it is sent, until the last event. */
export class ResumingReader {
  /** The frames of events, each as it came. */
  readonly events: string[] = [];
  /** Streams that were opened so far. */
  opened = 0;
  /** How those that are over have ended. */
  readonly outcomes: string[] = [];
  /** Resolves after the last event. */
  readonly done: Promise<void>;

  /** `place`: where the nth stream is opened. */
  constructor(
    private readonly id: string,
    private readonly place: (n: number) => string,
  ) {
    this.done = this.read();
    // Who waits for it hears of a failure.
    this.done.catch(() => undefined);
  }

  get text(): string {
    return this.events.join('\n\n');
  }

  private async read(): Promise<void> {
    for (let n = 0; !LAST.test(this.events.at(-1) ?? ''); n += 1) {
      const reader = await eventually(() => this.open(n), { timeoutMs: 60_000, intervalMs: 200 });
      this.opened += 1;
      await reader.closed;
      if (reader.status !== 200) throw new Error(`a stream was refused: ${reader.status} ${reader.text}`);
      this.outcomes.push(reader.outcome);
      this.events.push(...reader.events);
    }
  }

  private open(n: number): Promise<SseReader> {
    const last = /^id: (\d+)\n/.exec(this.events.at(-1) ?? '')?.[1];
    const url = `${this.place(n)}/v1/executions/${this.id}/events`;
    return SseReader.open(url, last === undefined ? {} : { 'last-event-id': last });
  }
}
