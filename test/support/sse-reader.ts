import { type ClientRequest, get, type IncomingMessage } from 'node:http';

/** One response of server-sent events as it comes over the wire. */
export class SseReader {
  /** Everything that came, as it is. */
  text = '';
  /** How the stream ended: in good order, or cut. */
  outcome: 'open' | 'end' | 'cut' = 'open';
  /** Resolves once it is no longer open. */
  readonly closed: Promise<void>;

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (piece: string) => (this.text += piece));
    response.on('end', () => (this.outcome = 'end'));
    response.on('error', () => undefined);
    this.closed = new Promise((resolve) =>
      response.on('close', () => {
        if (this.outcome === 'open') this.outcome = 'cut';
        resolve();
      }),
    );
  }

  /** Resolves with the headers; rejects when there are none. The body of another status than 200 is its `text`. */
  static open(url: string, headers: Record<string, string> = {}): Promise<SseReader> {
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (response) => resolve(new SseReader(request, response)));
      request.on('error', reject);
    });
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  /** Whole frames, events or not. */
  get frames(): string[] {
    return this.text.split('\n\n').slice(0, -1);
  }

  /** The frames of events, byte for byte. */
  get events(): string[] {
    return this.frames.filter((frame) => frame.startsWith('id: '));
  }

  get seqs(): number[] {
    return this.events.map((frame) => Number(/^id: (\d+)\n/.exec(frame)?.[1]));
  }

  /** Takes no more from the socket, whose buffers fill. */
  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  /** Hangs up. */
  close(): void {
    this.request.destroy();
  }
}
