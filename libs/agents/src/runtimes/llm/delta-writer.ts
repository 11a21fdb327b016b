import type { EventWriter } from '@longhaul/executions';

/**
 * The text of one model call on its way into the event log. No timer: what arrives while one chunk is being stored
 * goes together in the next, so a slow database makes larger chunks and not a longer run.
 */
export class DeltaWriter {
  private pending = '';
  private writing: Promise<void> | undefined;
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
    this.writing ??= this.drain();
  }

  /** Resolves when all of it is stored; rejects with what a chunk was refused with. */
  async end(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  private async drain(): Promise<void> {
    try {
      while (this.pending !== '') {
        const text = this.pending;
        this.pending = '';
        const data = { step_id: this.stepId, channel: 'text', index: this.index, text };
        this.index += 1;
        await this.events.append('output.delta', data);
      }
    } catch (error) {
      this.failure = error;
    } finally {
      this.writing = undefined;
    }
  }
}
