import { Injectable } from '@nestjs/common';
import { Database, type Row } from '@longhaul/database';
import { type JsonObject, LonghaulError } from '@longhaul/kernel';
import type { ExecutionEvent } from '../entities/execution-event.entity';
import type { Execution } from '../entities/execution.entity';
import { isTerminal } from '../lifecycle/status';
import type { ExecutionEventType } from './event-types';
import { FewAtOnce } from './few-at-once';

/** What a page holds at most; of events larger than that, one. */
const PAGE_LENGTH = 65_536;
const lengthOf = (data: string) => `length(CAST(${data} AS text))`;
/** How many events are looked at for the first page, and for any. */
const FIRST_EVENTS = 32;
const MAX_EVENTS = 256;
/** Of a process: hundreds who are behind must not take the database's connections from everybody else. */
const PAGES_AT_ONCE = 2;
/** How far back from its end a log is read for those who follow it; its last event always is. */
export const TAIL_EVENTS = 256;
export const TAIL_LENGTH = 65_536;
/** Of all the logs of one look together; one event may be longer than that. */
const NEWS_ROWS = 2_048;
const NEWS_LENGTH = 4_194_304;

/** An event, and how long its data is as text. */
export interface SizedEvent {
  event: ExecutionEvent;
  length: number;
}

/** What has come since `nextSeq` was next. */
export interface LogNews {
  executionId: string;
  /** The seq after the last one there is; null: the execution is not there any more. */
  nextSeq: number | null;
  /** The newest ones, at most `TAIL_EVENTS` and `TAIL_LENGTH`, without a gap. */
  events: SizedEvent[];
}

/** Reads the event logs of executions, whoever they belong to: whether somebody may see them is the caller's to ask. */
@Injectable()
export class EventLog {
  private readonly turns = new FewAtOnce(PAGES_AT_ONCE);

  constructor(private readonly database: Database) {}

  /** For one who reads on in one log. */
  pages(executionId: string): LogPages {
    return new LogPages(this.database, this.turns, executionId);
  }

  /**
   * Throws `events_deleted` where an execution has ended and what comes after that seq was deleted since: the last event
   * goes first, so a log is never given in part.
   */
  async assertKept(
    { id, status, nextSeq }: Pick<Execution, 'id' | 'status' | 'nextSeq'>,
    after: number,
  ): Promise<void> {
    if (!isTerminal(status) || after >= nextSeq - 1) return;
    const last = [id, nextSeq - 1];
    const [kept] = await this.database.read('SELECT 1 FROM events WHERE execution_id = $1 AND seq = $2', last);
    if (!kept) throw eventsDeleted(id);
  }

  /**
   * Of several logs what is new, by one statement; those of which nothing is new are not in the answer. `more`: there
   * was too much for one answer, so ask again. The first ones of `known` are answered first. How long events are is
   * counted in the database, so that what is not kept is not fetched.
   */
  async news(known: { id: string; nextSeq: number }[]): Promise<{ news: LogNews[]; more: boolean }> {
    const x = this.database.dialect.recordset('x', { id: 'text', next_seq: 'bigint', place: 'bigint' }, '$1');
    const tail = `p.next_seq - ${TAIL_EVENTS}`;
    const length = lengthOf('e.data');
    const rows = await this.database.read(
      `SELECT s.execution_id AS execution_id, s.next_seq AS next_seq,
         d.seq AS seq, d.type AS type, d.at AS at, d.run_id AS run_id, d.data AS data
       FROM (SELECT t.*, sum(t.length) OVER (ORDER BY t.place, t.seq) - t.length AS before
             FROM (SELECT x.id AS execution_id, x.place AS place, p.next_seq AS next_seq, e.seq AS seq,
                     coalesce(${length}, 0) AS length,
                     coalesce(sum(${length}) OVER (PARTITION BY x.place ORDER BY e.seq DESC) - ${length}, 0) AS newer
                   FROM ${x} LEFT JOIN executions p ON p.id = x.id
                     LEFT JOIN events e ON e.execution_id = p.id
                       AND e.seq >= CASE WHEN x.next_seq > ${tail} THEN x.next_seq ELSE ${tail} END
                   WHERE p.id IS NULL OR p.next_seq > x.next_seq
                  ) AS t
             WHERE t.newer < ${TAIL_LENGTH}
            ) AS s
         LEFT JOIN events d ON d.execution_id = s.execution_id AND d.seq = s.seq
       WHERE s.before < ${NEWS_LENGTH}
       ORDER BY s.place, s.seq LIMIT ${NEWS_ROWS}`,
      [JSON.stringify(known.map(({ id, nextSeq }, place) => ({ id, next_seq: nextSeq, place })))],
    );
    let total = 0;
    const news = new Map<string, LogNews>();
    for (const row of rows) {
      const executionId = row.execution_id as string;
      let entry = news.get(executionId);
      const nextSeq = row.next_seq === null ? null : Number(row.next_seq);
      if (!entry) news.set(executionId, (entry = { executionId, nextSeq, events: [] }));
      if (row.seq === null) continue;
      const event = toSizedEvent(row);
      entry.events.push(event);
      total += event.length;
    }
    return { news: [...news.values()], more: rows.length === NEWS_ROWS || total >= NEWS_LENGTH };
  }
}

/**
 * The pages of one log. Their length is counted in the database, which reads for that whatever it is asked to look at:
 * so no more events than the page before had room for.
 */
export class LogPages {
  private events = FIRST_EVENTS;

  constructor(
    private readonly database: Database,
    private readonly turns: FewAtOnce,
    private readonly executionId: string,
  ) {}

  /** Stored events with a greater seq than `after`, in order: 64 KB, or one event. Empty at the end. */
  async after(seq: number): Promise<ExecutionEvent[]> {
    const rows = await this.turns.run(() => this.read(seq));
    this.events = rows.length === this.events ? Math.min(this.events * 2, MAX_EVENTS) : rows.length + 1;
    return rows.map((row) => toSizedEvent(row).event);
  }

  private read(seq: number): Promise<Row[]> {
    const length = lengthOf('data');
    return this.database.read(
      `SELECT execution_id, seq, type, at, run_id, data
       FROM (SELECT e.*, sum(${length}) OVER (ORDER BY seq) - ${length} AS before
             FROM (SELECT * FROM events WHERE execution_id = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS e
            ) AS sized
       WHERE before < ${PAGE_LENGTH} ORDER BY seq`,
      [this.executionId, seq, this.events],
    );
  }
}

/** The execution is there still, with its result. */
function eventsDeleted(executionId: string): LonghaulError {
  const message = `the events of ${executionId} were deleted, as retention.events_days has it; its record is there still`;
  return new LonghaulError('events_deleted', message);
}

function toSizedEvent(row: Row): SizedEvent {
  const text = row.data as string;
  return {
    event: {
      executionId: row.execution_id as string,
      seq: Number(row.seq),
      type: row.type as ExecutionEventType,
      at: Number(row.at),
      runId: row.run_id as string | null,
      data: JSON.parse(text) as JsonObject,
    },
    length: text.length,
  };
}
