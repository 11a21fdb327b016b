import type { Database, Dialect, Write } from '@longhaul/database';
import { toJsonText } from '@longhaul/kernel';
import { fingerprintOf } from '../dead-letters/fingerprint';
import type { Handling } from '../entities/dead-letter.entity';
import type { Execution } from '../entities/execution.entity';
import { toExecution } from './execution-row';

const MAX_REASON = 64;
const MAX_MESSAGE = 1_000;

/** A dead letter for each execution that has failed, for the transaction in which it did. Nothing where none has. */
export function* writeDeadLetters(dialect: Dialect, changes: readonly { execution: Execution }[]): Write<void> {
  const failed = changes.filter(({ execution }) => execution.status === 'failed');
  if (failed.length === 0) return;
  const columns = {
    execution_id: 'text',
    owner: 'text',
    target: 'text',
    queue: 'text',
    reason: 'text',
    fingerprint: 'text',
    message: 'text',
    failed_at: 'bigint',
  } as const;
  yield {
    silent: true,
    sql: `INSERT INTO dead_letters (execution_id, owner, target, queue, reason, fingerprint, message, failed_at)
          SELECT x.execution_id, x.owner, x.target, x.queue, x.reason, x.fingerprint, x.message, x.failed_at
          FROM ${dialect.recordset('x', columns, '$1')}`,
    params: [toJsonText(failed.map(({ execution }) => deadLetterRow(execution)))],
  };
}

function deadLetterRow({ id, owner, target, queue, error, completedAt }: Execution) {
  const { code, message } = error ?? { code: 'agent_error', message: '' };
  return {
    execution_id: id,
    owner,
    target,
    queue,
    reason: code.slice(0, MAX_REASON),
    fingerprint: fingerprintOf(target, { code, message }),
    message: message.slice(0, MAX_MESSAGE),
    failed_at: completedAt,
  };
}

/** Somebody tries a dead letter anew: `successor` is the execution that he would have it tried as. */
export interface Redrive {
  execution_id: string;
  owner: string;
  /** What its handling was when he looked. */
  seen: Handling;
  successor: string;
}

const REDRIVE = { execution_id: 'text', owner: 'text', seen: 'text', successor: 'text' } as const;

/** Takes each dead letter for its successor, unless its handling is not any more what was seen. Answers the successors that got theirs. */
export function* takeDeadLetters({ dialect }: Database, redrives: Redrive[]): Write<Set<string>> {
  // Each once, and one order for everyone: two batches that share dead letters must not wait for each other.
  const rows = [...new Map(redrives.toReversed().map((redrive) => [redrive.execution_id, redrive]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, redrive]) => redrive);
  const taken = yield {
    sql: `UPDATE dead_letters
          SET handled_at = ${dialect.now}, handling = 'redriven', redriven_as = x.successor, discard_reason = NULL
          FROM ${dialect.recordset('x', REDRIVE, '$1')}
          WHERE dead_letters.execution_id = x.execution_id AND dead_letters.owner = x.owner
            AND coalesce(dead_letters.redriven_as, dead_letters.handling, '') = x.seen
          RETURNING redriven_as`,
    params: [JSON.stringify(rows)],
  };
  return new Set(taken.map((row) => row.redriven_as as string));
}

/** The executions that dead letters are tried anew as by now, by the successor that came too late. */
export function* redrivenAlready({ dialect }: Database, redrives: Redrive[]): Write<Map<string, Execution>> {
  const rows = yield {
    sql: `SELECT e.*, x.successor AS asked_id
          FROM ${dialect.recordset('x', REDRIVE, '$1')}
          JOIN dead_letters d ON d.execution_id = x.execution_id AND d.owner = x.owner
          JOIN executions e ON e.id = d.redriven_as`,
    params: [JSON.stringify(redrives)],
  };
  return new Map(rows.map((row) => [row.asked_id as string, toExecution(row)]));
}

/**
 * Gives up dead letters that nobody has looked after. Answers those that are discarded by this; what somebody redrove
 * or discarded before stays as he left it.
 */
export async function discardDeadLetters(
  database: Database,
  executionIds: string[],
  owner: string,
  reason: string,
): Promise<Set<string>> {
  const { dialect } = database;
  const rows = [...new Set(executionIds)].sort().map((id) => ({ id, owner }));
  const discarded = await database.run(
    // Nothing here fits an index of all that is open, or of one owner: they are looked up by their ids.
    `UPDATE dead_letters SET handled_at = ${dialect.now}, handling = 'discarded', discard_reason = $2
     FROM ${dialect.recordset('x', { id: 'text', owner: 'text' }, '$1')}
     WHERE dead_letters.execution_id = x.id AND dead_letters.owner = x.owner
       AND coalesce(dead_letters.handled_at, 0) = 0
     RETURNING execution_id`,
    [JSON.stringify(rows), reason],
  );
  return new Set(discarded.map((row) => row.execution_id as string));
}
