import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { ExecutionNews } from '@longhaul/executions';
import { type Asked, findAnswers, type StoredAnswer } from './answer-statements';

/** How long a waiting run goes on without a hint before it is looked for its answer. */
const POLL_INTERVAL_MS = 1_000;

type Listener = (answer: StoredAnswer) => void;

/**
 * Brings what remote agents said by callback, to whichever process it was said, to the runs of this one that wait for
 * it. One subscription and one statement serve all of them: a hint marks an execution as worth a look, and once a second
 * all are looked at, since hints may be lost.
 */
@Injectable()
export class RemoteAnswers implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(RemoteAnswers.name);
  private readonly waiting = new Map<string, { asked: Asked; listener: Listener }>();
  private readonly hinted = new Set<string>();
  private unlisten: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly database: Database,
    private readonly news: ExecutionNews,
  ) {}

  onModuleInit(): void {
    this.unlisten = this.news.listen((executionId) => this.worthALook([executionId]));
    this.timer = setInterval(() => this.worthALook(this.waiting.keys()), POLL_INTERVAL_MS);
    this.timer.unref();
  }

  /** After the drain: nobody waits any more. */
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.unlisten();
  }

  async find(asked: Asked): Promise<StoredAnswer | undefined> {
    return (await findAnswers(this.database, [asked]))[0];
  }

  /** `listener` gets what was said before, if anything, and each thing said from now on; the answer ends it. */
  listen(asked: Asked, listener: Listener): () => void {
    const { executionId } = asked;
    const entry = { asked, listener };
    this.waiting.set(executionId, entry);
    this.worthALook([executionId]);
    return () => {
      if (this.waiting.get(executionId) === entry) this.waiting.delete(executionId);
    };
  }

  private worthALook(ids: Iterable<string>): void {
    for (const id of ids) if (this.waiting.has(id)) this.hinted.add(id);
    if (this.hinted.size > 0 && !this.looking) void this.look();
  }

  private async look(): Promise<void> {
    this.looking = true;
    try {
      while (this.hinted.size > 0) {
        const asked = [...this.hinted].flatMap((id) => this.waiting.get(id)?.asked ?? []);
        this.hinted.clear();
        if (asked.length === 0) return;
        for (const answer of await findAnswers(this.database, asked)) {
          this.waiting.get(answer.executionId)?.listener(answer);
        }
      }
    } catch (error) {
      this.logger.warn(`answers of remote agents could not be looked for, trying again: ${String(error)}`);
    } finally {
      this.looking = false;
    }
  }
}
