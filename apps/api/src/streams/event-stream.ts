import { Readable } from 'node:stream';
import { type ExecutionEvent, isLastEvent } from '@longhaul/executions';
import { eventFrame, retryFrame } from './event-frame';

/** What is handed to the socket at once: of a slow reader no more than a few of these are held. */
const PIECE_BYTES = 16_384;
/** When a client comes back after a stream that broke off. */
const RETRY_MS = 2_000;
/** When it does after one that this process ended; not all in the same moment. */
const SOON_MS = [250, 2_000] as const;
const HEARTBEAT = Buffer.from(':\n\n');

export type OpenPages = (signal: AbortSignal) => AsyncGenerator<ExecutionEvent[], void, void>;

/**
 * A log as server-sent events. It asks for the next page when the socket has taken the last one, so a slow reader is
 * behind by as much as he likes and holds one page. Ends after the terminal event; otherwise with the word to come back.
 * One that is not live ends after what was there, and breaks off where that could not be had: an end would be a lie.
 */
export class EventStream extends Readable {
  private readonly leaving = new AbortController();
  private readonly pages: AsyncGenerator<ExecutionEvent[], void, void>;
  /** Of the last page, what the socket has not taken. */
  private rest: Buffer[] = [retryFrame(RETRY_MS)];
  private asking = false;
  private complete = false;

  /** `live`: it goes on until the terminal event, and one that ends before it is to be asked for again. */
  constructor(
    open: OpenPages,
    private readonly live: boolean,
  ) {
    super({ highWaterMark: PIECE_BYTES });
    this.pages = open(this.leaving.signal);
  }

  override _read(): void {
    if (this.rest.length > 0) this.push(this.nextPiece());
    else if (!this.asking) void this.ask();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.leaving.abort();
    void this.pages.return();
    done(error);
  }

  /** Says that it is alive, where nothing else is on its way. */
  beat(): void {
    if (this.asking && this.readableLength === 0) this.push(HEARTBEAT);
  }

  /** Ends it, with the word to come back. */
  leave(): void {
    this.leaving.abort();
  }

  private async ask(): Promise<void> {
    this.asking = true;
    try {
      const { value: page } = await this.pages.next();
      this.asking = false;
      if (page) this.give(page);
      else this.end();
    } catch (error) {
      this.asking = false;
      if (this.live) this.end(`the events could not be read (${nameOf(error)})`);
      else this.destroy(error as Error);
    }
  }

  private give(page: ExecutionEvent[]): void {
    this.complete = page.some(isLastEvent);
    this.rest = inPieces(page.map(eventFrame));
    this.push(this.nextPiece());
  }

  private end(comment = 'this process closes the stream'): void {
    if (this.destroyed) return;
    if (!this.live && this.leaving.signal.aborted) return void this.destroy(new Error('the process stops'));
    if (this.live && !this.complete) this.push(retryFrame(...SOON_MS, `${comment}; come back with Last-Event-ID`));
    this.push(null);
  }

  private nextPiece(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.rest;
    this.rest = first.length > PIECE_BYTES ? [first.subarray(PIECE_BYTES), ...others] : others;
    return first.subarray(0, PIECE_BYTES);
  }
}

/** Small frames together; a large one stays the one buffer that all who are given it share. */
function inPieces(frames: Buffer[]): Buffer[] {
  const pieces: Buffer[] = [];
  let small: Buffer[] = [];
  let length = 0;
  const close = () => {
    if (small.length > 0) pieces.push(small.length === 1 ? (small[0] as Buffer) : Buffer.concat(small));
    small = [];
    length = 0;
  };
  for (const frame of frames) {
    if (length + frame.length > PIECE_BYTES) close();
    small.push(frame);
    length += frame.length;
  }
  close();
  return pieces;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'no reason given';
}
