import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { HintBus } from '@longhaul/queue';
import type { ExecutionEvent } from '../entities/execution-event.entity';
import { ExecutionWatch } from '../execution-watch';
import { isLastEvent } from './event-types';
import { EventLog, type LogPages } from './event-log';
import { LogFeed } from './log-feed';

/** Above this, logs that are opened at once are read in several statements. */
const OPENED_AT_ONCE = 32;

/**
 * Follows event logs live, from any process. However many follow one execution, its log is read once for all of them;
 * and those of all executions together by one statement at a time. A follower holds nothing but its cursor: what is new
 * it takes from the few events kept for all, what is further back it reads for itself when it asks for it.
 */
@Injectable()
export class EventFeed implements OnModuleInit, BeforeApplicationShutdown {
  private readonly feeds = new Map<string, LogFeed>();
  private readonly watch: ExecutionWatch;
  private stopping = false;
  private looks = 0;

  constructor(
    private readonly log: EventLog,
    hints: HintBus,
  ) {
    this.watch = new ExecutionWatch(hints, ['execution', 'events'], this.feeds, (ids) => this.look(ids));
  }

  /** The process shuts down: what ends now ends for that reason. */
  get stopped(): boolean {
    return this.stopping;
  }

  onModuleInit(): void {
    this.watch.start();
  }

  /** After the drain, whose last events are still told, and before the HTTP server closes. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    this.watch.stop();
    for (const feed of this.feeds.values()) feed.wake();
  }

  /**
   * The events with a greater seq than `after` (-1: all), in order and without a gap, in pages of one event or more that
   * are given as soon as they are stored. Ask for the next page when the last one is on its way: nothing is kept for one
   * who does not ask.
   *
   * Ends after the terminal event (`isLastEvent` of the last one given). Ends without it when `signal` aborts, when the
   * process shuts down or when the execution was deleted: whoever may come back does so with the last seq. Throws the
   * driver's error when the database does not answer to one who is far behind.
   *
   * Whether the caller may see the execution was asked before: `ExecutionsReader.get(id, owner)`. To leave, abort
   * `signal`; `return()` alone waits for the next event.
   */
  async *follow(executionId: string, after: number, signal: AbortSignal): AsyncGenerator<ExecutionEvent[], void, void> {
    if (this.stopping) return;
    const feed = this.join(executionId);
    const older = this.log.pages(executionId);
    try {
      for (let cursor = after; ;) {
        const page = await this.nextPage(feed, older, cursor, signal);
        const last = page.at(-1);
        if (!last) return;
        yield page;
        if (isLastEvent(last)) return;
        cursor = last.seq;
      }
    } finally {
      this.leave(executionId, feed);
    }
  }

  /** Empty: there will be none. */
  private async nextPage(
    feed: LogFeed,
    older: LogPages,
    after: number,
    signal: AbortSignal,
  ): Promise<ExecutionEvent[]> {
    while (!signal.aborted && !this.stopping) {
      const page = feed.since(after);
      if (page === 'behind') return older.after(after);
      if (page.length > 0 || feed.gone) return page;
      await feed.more(signal);
    }
    return [];
  }

  /** Joined first and read then: what is stored in between is seen by that look or hinted after it. */
  private join(executionId: string): LogFeed {
    let feed = this.feeds.get(executionId);
    if (!feed) {
      this.feeds.set(executionId, (feed = new LogFeed()));
      this.watch.lookAt(executionId);
    }
    feed.followers += 1;
    return feed;
  }

  private leave(executionId: string, feed: LogFeed): void {
    feed.followers -= 1;
    if (feed.followers === 0) this.feeds.delete(executionId);
  }

  private async look(ids: string[]): Promise<void> {
    const known = ids.flatMap((id) => {
      const feed = this.feeds.get(id);
      return feed ? [{ id, nextSeq: feed.nextSeq, servedBy: feed.servedBy }] : [];
    });
    // What a look had no room for comes first in the next.
    known.sort((a, b) => a.servedBy - b.servedBy);
    const opened = known.filter(({ nextSeq }) => nextSeq === 0);
    await this.read(known.filter(({ nextSeq }) => nextSeq > 0));
    for (let at = 0; at < opened.length; at += OPENED_AT_ONCE) await this.read(opened.slice(at, at + OPENED_AT_ONCE));
  }

  private async read(known: { id: string; nextSeq: number }[]): Promise<void> {
    if (known.length === 0) return;
    const { news, more } = await this.log.news(known);
    this.looks += 1;
    for (const entry of news) {
      const feed = this.feeds.get(entry.executionId);
      if (!feed) continue;
      feed.servedBy = this.looks;
      feed.take(entry);
    }
    if (more) for (const { id } of known) this.watch.lookAt(id);
  }
}
