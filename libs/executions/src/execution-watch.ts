import { AsyncLocalStorage } from 'node:async_hooks';
import { Logger } from '@nestjs/common';
import type { Hint, HintBus } from '@longhaul/queue';

/** How long what is watched goes on without a hint before it is looked at all the same. */
const POLL_INTERVAL_MS = 1_000;

/**
 * Looks at the executions that this process watches whenever there may be news of them: after a hint, and all of them
 * once a second, since hints may be lost. One look is under way at a time; what is hinted meanwhile goes together in the
 * next one, so a busy database is asked for more at once and not more often.
 */
export class ExecutionWatch {
  private readonly logger = new Logger(ExecutionWatch.name);
  private readonly due = new Set<string>();
  private unsubscribe: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  /** A look is made for all who watch, and belongs to none of their requests. */
  private readonly outside = AsyncLocalStorage.snapshot();

  /**
   * `kinds`: the hints that are worth a look. `watched`: what is watched now, by id. `look` may throw: the next poll
   * brings the same again.
   */
  constructor(
    private readonly hints: HintBus,
    private readonly kinds: readonly Hint['kind'][],
    private readonly watched: ReadonlyMap<string, unknown>,
    private readonly look: (ids: string[]) => Promise<void>,
  ) {}

  start(): void {
    this.unsubscribe = this.hints.subscribe((hint) => {
      if (!this.kinds.includes(hint.kind) || !('executionId' in hint)) return;
      if (this.watched.has(hint.executionId)) this.lookAt(hint.executionId);
    });
    this.timer = setInterval(() => {
      for (const id of this.watched.keys()) this.due.add(id);
      void this.run();
    }, POLL_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.unsubscribe();
    this.due.clear();
  }

  /** Now, or as soon as the look under way is over. */
  lookAt(executionId: string): void {
    this.due.add(executionId);
    this.outside(() => void this.run());
  }

  private async run(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.due.size > 0) {
        const ids = [...this.due];
        this.due.clear();
        await this.look(ids);
      }
    } catch (error) {
      this.logger.warn(`executions that are waited for could not be looked at: ${String(error)}`);
    } finally {
      this.looking = false;
    }
  }
}
