import type { EventWriter } from '@longhaul/executions';

/**
 * The text of one model call on its way into the event log. No timer: what arrives while one chunk is being stored
 * goes together in the next, so a slow database makes larger chunks and not a longer run.
 */
export class DeltaWriter {
  private pending = '';
  private underWay = 0;
  /** Chunks are stored in the order of their appends: when the last one is, all are. */
  private last: Promise<void> = Promise.resolve();
  private failure: unknown;
  private index = 0;

  constructor(
    private readonly events: EventWriter,
    private readonly stepId: string,
  ) {}

  /** Whether any of it can have been seen. */
  get begun(): boolean {
    return this.index > 0;
  }

  /** Never waits. Throws what an earlier chunk was refused with. */
  push(text: string): void {
    if (this.failure !== undefined) throw this.failure;
    this.pending += text;
    if (this.underWay === 0) this.append();
  }

  /**
   * Appends the rest at once, so that what its caller appends next comes after it and shares its commit. Resolves when
   * all is stored; rejects with what a chunk was refused with.
   */
  async end(): Promise<void> {
    this.append();
    await this.last;
    if (this.failure !== undefined) throw this.failure;
  }

  /** The call failed: what is not on its way yet must not come after the word that all of it is to be dropped. */
  drop(): void {
    this.pending = '';
  }

  private append(): void {
    if (this.pending === '') return;
    const data = { step_id: this.stepId, channel: 'text', index: this.index, text: this.pending };
    this.pending = '';
    this.index += 1;
    this.underWay += 1;
    this.last = this.events.append('output.delta', data).then(
      () => {
        this.underWay -= 1;
        if (this.underWay === 0) this.append();
      },
      (error: unknown) => {
        this.failure ??= error;
      },
    );
  }
}
