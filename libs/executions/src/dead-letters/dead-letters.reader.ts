import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { Conditions, type DeadLetterFilter } from './dead-letter-filter';
import {
  type DeadLetterGroup,
  type DeadLetterRecord,
  RECORD_COLUMNS,
  toDeadLetterGroup,
  toDeadLetterRecord,
} from './dead-letter-record';

/** A place between the dead letters of one owner, in the order in which they failed. */
export interface DeadLetterPlace {
  failedAt: number;
  executionId: string;
}

/** Where a walk through what is open goes on. Nothing that fails after `until`, when it began, belongs to it. */
export interface WalkPlace extends DeadLetterPlace {
  until: number;
}

const FROM = 'FROM dead_letters d JOIN executions e ON e.id = d.execution_id';

/** Reads, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class DeadLettersReader {
  constructor(private readonly database: Database) {}

  /** Newest failure first; `before` is the place of the last one seen. */
  async list(
    owner: string,
    filter: DeadLetterFilter,
    limit: number,
    before?: DeadLetterPlace,
  ): Promise<DeadLetterRecord[]> {
    const where = new Conditions(owner, filter);
    where.add((at, id) => `(d.failed_at, d.execution_id) < (${at}, ${id})`, before?.failedAt, before?.executionId);
    const rows = await this.database.read(
      `SELECT ${RECORD_COLUMNS} ${FROM} WHERE ${where.text}
       ORDER BY d.failed_at DESC, d.execution_id DESC LIMIT ${where.param(limit)}`,
      where.params,
    );
    return rows.map(toDeadLetterRecord);
  }

  /** The group that failed last comes first; `before` is the last failure and the sample of the last one seen. */
  async groups(
    owner: string,
    filter: DeadLetterFilter,
    limit: number,
    before?: DeadLetterPlace,
  ): Promise<DeadLetterGroup[]> {
    const where = new Conditions(owner, filter);
    const { text } = where;
    const having =
      before === undefined
        ? ''
        : `HAVING (max(d.failed_at), max(d.execution_id)) < (${where.param(before.failedAt)}, ${where.param(before.executionId)})`;
    const rows = await this.database.read(
      `SELECT g.*, s.message FROM
         (SELECT d.fingerprint, d.reason, d.target, count(*) AS count, min(d.failed_at) AS first_at,
                 max(d.failed_at) AS last_at, max(d.execution_id) AS sample
          FROM dead_letters d WHERE ${text} GROUP BY d.fingerprint, d.reason, d.target ${having}
          ORDER BY last_at DESC, sample DESC LIMIT ${where.param(limit)}) AS g
       JOIN dead_letters s ON s.execution_id = g.sample ORDER BY g.last_at DESC, g.sample DESC`,
      where.params,
    );
    return rows.map(toDeadLetterGroup);
  }

  /** Throws `not_found`. */
  async get(executionId: string, owner: string): Promise<DeadLetterRecord> {
    const [found] = await this.these([executionId], owner);
    if (found) return found;
    const mend = 'a failed execution has one, see GET /v1/dead-letters';
    throw new LonghaulError('not_found', `no dead letter of "${executionId.slice(0, 64)}"; ${mend}`);
  }

  /** Those of these executions that have one, in no order. */
  async these(executionIds: string[], owner: string): Promise<DeadLetterRecord[]> {
    const x = this.database.dialect.recordset('x', { id: 'text', owner: 'text' }, '$1');
    const rows = await this.database.read(
      `SELECT ${RECORD_COLUMNS}
       FROM ${x} JOIN dead_letters d ON d.execution_id = x.id JOIN executions e ON e.id = d.execution_id
       WHERE d.owner = x.owner`,
      [JSON.stringify([...new Set(executionIds)].map((id) => ({ id, owner })))],
    );
    return rows.map(toDeadLetterRecord);
  }

  /**
   * A page of what is open, oldest failure first, for whoever looks after all of it; `left`: how many come after it.
   * Without `after` the walk begins, and its end is now.
   */
  async walk(
    owner: string,
    filter: DeadLetterFilter,
    limit: number,
    after?: WalkPlace,
  ): Promise<{ page: DeadLetterRecord[]; until: number; left: number }> {
    const until = after?.until ?? (await this.now());
    const where = new Conditions(owner, { ...filter, state: 'open' });
    where.add((end) => `d.failed_at <= ${end}`, until);
    where.add((at, id) => `(d.failed_at, d.execution_id) > (${at}, ${id})`, after?.failedAt, after?.executionId);
    const [counted] = await this.database.read(
      `SELECT count(*) AS count FROM dead_letters d WHERE ${where.text}`,
      where.params,
    );
    const rows = await this.database.read(
      `SELECT ${RECORD_COLUMNS} ${FROM} WHERE ${where.text}
       ORDER BY d.failed_at, d.execution_id LIMIT ${where.param(limit)}`,
      where.params,
    );
    return { page: rows.map(toDeadLetterRecord), until, left: Math.max(0, Number(counted?.count) - rows.length) };
  }

  private async now(): Promise<number> {
    const [row] = await this.database.read(`SELECT ${this.database.dialect.now} AS now`);
    return Number(row?.now);
  }
}
