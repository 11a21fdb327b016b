export type OutputChannel = 'stdout' | 'stderr';

/** The data of an `output.delta`; `index` counts those of the step, over both channels. */
export type OutputDelta = { step_id: string; channel: OutputChannel; index: number; text: string };

/** Above this the pipes of the command are not read, and so the command waits. */
const MAX_WAITING = 256 * 1024;
const MAX_EVENT = 32 * 1024;
/** Rest between two groups of events: a command that prints without end makes ten a second, not thousands. */
const REST_MS = 100;

export interface OutputLogOptions {
  stepId: string;
  /** Characters that are stored in all; what comes after is dropped, with a notice in its place. */
  limit: number;
  append: (data: OutputDelta) => Promise<void>;
  /** Called once, when output could not be stored; what follows is dropped. */
  onFailure: () => void;
}

/**
 * Output on its way to the event log as `output.delta`. What arrives while earlier output is being stored goes into the
 * next events together; how much may wait is bounded.
 */
export class OutputLog {
  private waiting: { channel: OutputChannel; text: string }[] = [];
  private waitingLength = 0;
  private left: number;
  private index = 0;
  private storing: Promise<void> | undefined;
  /** The group of events under way. */
  private batch: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private ended = false;
  private failure: { error: unknown } | undefined;

  constructor(private readonly options: OutputLogOptions) {
    this.left = options.limit;
  }

  /** Resolves when there is room for more. Never rejects. */
  async write(channel: OutputChannel, text: string): Promise<void> {
    if (this.left < 0 || text === '' || this.failure) return;
    this.add(channel, text.slice(0, cut(text, this.left)));
    this.left -= text.length;
    if (this.left < 0) {
      const kb = Math.round(this.options.limit / 1024);
      this.add(channel, `\n[more than ${kb} KB of output: the rest is not stored, its end is in the result]\n`);
    }
    this.storing ??= this.store();
    while (this.waitingLength > MAX_WAITING) {
      this.wake();
      await this.batch.catch(() => undefined);
    }
  }

  /** Resolves when everything is stored; rejects with what kept it from being so. */
  async end(): Promise<void> {
    this.ended = true;
    this.wake();
    await this.storing;
    if (this.failure) throw this.failure.error;
  }

  private add(channel: OutputChannel, text: string): void {
    const last = this.waiting.at(-1);
    if (last?.channel === channel) last.text += text;
    else if (text !== '') this.waiting.push({ channel, text });
    this.waitingLength += text.length;
  }

  private async store(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting;
        this.waiting = [];
        this.waitingLength = 0;
        this.batch = this.storeBatch(batch);
        await this.batch;
      }
    } catch (error) {
      this.failure = { error };
      this.waiting = [];
      this.waitingLength = 0;
      this.options.onFailure();
    } finally {
      this.storing = undefined;
    }
  }

  private async storeBatch(pieces: { channel: OutputChannel; text: string }[]): Promise<void> {
    await Promise.all(pieces.flatMap((piece) => this.append(piece)));
    await this.rest();
  }

  private append({ channel, text }: { channel: OutputChannel; text: string }): Promise<void>[] {
    const stored: Promise<void>[] = [];
    for (let start = 0; start < text.length;) {
      const end = start + cut(text.slice(start, start + MAX_EVENT + 1), MAX_EVENT);
      const data = { step_id: this.options.stepId, channel, index: this.index, text: text.slice(start, end) };
      stored.push(this.options.append(data));
      this.index += 1;
      start = end;
    }
    return stored;
  }

  private async rest(): Promise<void> {
    if (this.ended || this.waitingLength > MAX_WAITING) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, REST_MS);
    });
    clearTimeout(timer);
  }
}

/** At most `limit` of the text, and no half character at the end. */
function cut(text: string, limit: number): number {
  if (text.length <= limit) return text.length;
  return /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
}
