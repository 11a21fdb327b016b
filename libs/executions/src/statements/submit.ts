import type { Database, Dialect, Row, Write } from '@longhaul/database';
import { LonghaulError, newId, toJsonText } from '@longhaul/kernel';
import type { Execution } from '../entities/execution.entity';
import { TRANSITIONS } from '../lifecycle/transitions';
import type { SubmitCommand } from '../submit-command';
import { copySteps } from './copy-steps';
import { redrivenAlready, takeDeadLetters } from './dead-letters';
import { insertEvents } from './event-rows';
import { toExecution } from './execution-row';
import { byId } from './fence';
import { fullTrees, treeIsFull } from './full-trees';
import { NOBODY, type TransitionParticipants } from '../transition-participant';
import { replayChild, submittedChildren } from './submitted-children';
import { submittedData } from './submitted-event';
import { takeTurns } from './turns';

export interface SubmitOutcome {
  execution: Execution;
  /** True: the idempotency key or the child was there already, or it was tried anew already: the execution of then. */
  replayed: boolean;
}

/**
 * How long a ring is trusted. What waits longer is rung again by the bounded sweep; an idle worker finds a lost one
 * much earlier by itself.
 */
export const RING_PATIENCE_MS = 600_000;

/**
 * Row 1 of the state machine, for any number of commands in one transaction: idempotency keys and dead letters first,
 * then the places in their conversations, then the executions, then event 0 of each. A key with another body answers
 * an error in its place, and so does a child for which its tree has no room; it costs nobody else.
 */
export async function submitAll(
  database: Database,
  commands: SubmitCommand[],
  keyTtlMs: number,
  participants: TransitionParticipants = NOBODY,
): Promise<(SubmitOutcome | LonghaulError)[]> {
  const fresh = commands.map((command) => ({ command, ids: mintIds(command) }));
  return database.write(function* () {
    const keys = fresh.flatMap(keyRow);
    const taken = keys.length > 0 ? yield* takeKeys(database, keys, keyTtlMs) : new Set<string>();
    const retries = fresh.flatMap(retryRow);
    const redriven = retries.length > 0 ? yield* takeDeadLetters(database, retries) : new Set<string>();
    const asked = fresh.flatMap(({ command }) => command.child ?? []);
    const late = asked.length > 0 ? yield* fullTrees(database.dialect, asked) : new Set<string>();
    const won = fresh.filter(
      ({ command, ids }) =>
        (!command.idempotency || taken.has(ids.id)) && (!command.retryOf || redriven.has(ids.id)) && !late.has(ids.id),
    );
    const { inserted, begun } = yield* insertExecutions(database.dialect, won, participants);
    // After the insert: one of the same batch may hold the key.
    const lost = keys.filter((key) => !taken.has(key.execution_id));
    const held = lost.length > 0 ? yield* holdersOf(database, lost) : new Map<string, Held>();
    const tried = retries.filter((retry) => !redriven.has(retry.successor));
    const present = tried.length > 0 ? yield* redrivenAlready(database, tried) : new Map<string, Execution>();
    const known = won.flatMap((entry) =>
      entry.command.child && begun.get(entry.ids.id) !== entry ? [entry.command.child] : [],
    );
    const children = known.length > 0 ? yield* submittedChildren(database, known) : new Map<string, Execution>();
    return fresh.map((entry) => {
      const { ids, command } = entry;
      const execution = inserted.get(ids.id);
      if (execution && begun.get(ids.id) === entry) return { execution, replayed: false };
      if (late.has(ids.id)) return treeIsFull(command.target);
      if (command.child) return replayChild(command.child, children.get(ids.id));
      return command.retryOf ? replayRetry(command, present.get(ids.id)) : replay(command, held.get(ids.id));
    });
  });
}

/** The same within somebody's transaction, for commands with neither an idempotency key nor a dead letter. */
export function* submitWithin(
  dialect: Dialect,
  commands: readonly SubmitCommand[],
  participants: TransitionParticipants,
): Write<void> {
  yield* insertExecutions(
    dialect,
    commands.map((command) => ({ command, ids: mintIds(command) })),
    participants,
  );
}

function* insertExecutions(
  dialect: Dialect,
  fresh: Fresh[],
  participants: TransitionParticipants,
): Write<{ inserted: Map<string, Execution>; begun: Map<string, Fresh> }> {
  const inserted = new Map<string, Execution>();
  const begun = new Map<string, Fresh>();
  if (fresh.length === 0) return { inserted, begun };
  const turns = yield* turnsOf(dialect, fresh);
  for (const row of yield insertStatement(dialect, fresh, turns)) inserted.set(row.id as string, toExecution(row));
  // What is not inserted is a child that was submitted before, or stands in this batch twice.
  for (const entry of fresh) if (inserted.has(entry.ids.id) && !begun.has(entry.ids.id)) begun.set(entry.ids.id, entry);
  const copies = fresh.flatMap(({ command: { journalFrom: prefix }, ids: { id: into } }) =>
    prefix ? [{ into, prefix }] : [],
  );
  if (copies.length > 0) yield* copySteps(dialect, copies);
  yield insertEvents(
    dialect,
    [...begun.values()].map(({ ids, command }) => ({
      executionId: ids.id,
      seq: 0,
      type: TRANSITIONS.submit.event,
      runId: null,
      data: submittedData(command),
    })),
  );
  const changes = [...inserted.values()].map((execution) => ({ transition: 'submit' as const, execution }));
  yield* participants.write(dialect, changes);
  return { inserted, begun };
}

interface Fresh {
  command: SubmitCommand;
  ids: { id: string; job_id: string; run_id: string; conversation_id: string; correlation_id: string };
}
interface Held {
  bodyHash: string;
  execution: Execution;
}

function mintIds(command: SubmitCommand): Fresh['ids'] {
  return {
    id: command.child?.id ?? newId('exec'),
    job_id: newId('job'),
    run_id: newId('run'),
    conversation_id: command.conversationId ?? newId('conv'),
    correlation_id: command.correlationId ?? newId('corr'),
  };
}

function* turnsOf(dialect: Dialect, fresh: Fresh[]): Write<Map<string, number>> {
  const requests = fresh.flatMap(({ command: { isTurn, owner, target, conversationId }, ids }) => {
    const minted = conversationId === undefined;
    return isTurn ? [{ executionId: ids.id, owner, target, conversationId: ids.conversation_id, minted }] : [];
  });
  return requests.length > 0 ? yield* takeTurns(dialect, requests) : new Map<string, number>();
}

const KEY_COLUMNS = { owner: 'text', route: 'text', key: 'text', body_hash: 'text', execution_id: 'text' } as const;
type KeyRow = Record<keyof typeof KEY_COLUMNS, string>;

function keyRow({ command: { owner, idempotency }, ids }: Fresh): KeyRow[] {
  if (!idempotency) return [];
  const { route, key, bodyHash } = idempotency;
  return [{ owner, route, key, body_hash: bodyHash, execution_id: ids.id }];
}

function retryRow({ command: { owner, retryOf }, ids }: Fresh) {
  return retryOf ? [{ execution_id: retryOf.executionId, owner, seen: retryOf.seen, successor: ids.id }] : [];
}

/** Takes each key for its fresh execution, unless somebody holds it; answers the executions whose key was got. */
function* takeKeys({ dialect }: Database, keys: KeyRow[], keyTtlMs: number): Write<Set<string>> {
  const nameOf = ({ owner, route, key }: KeyRow) => JSON.stringify([owner, route, key]);
  // Each once, and one order for everyone: two batches that share keys must not wait for each other.
  const rows = [...new Map(keys.toReversed().map((key) => [nameOf(key), key]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, key]) => key);
  const taken = yield {
    sql: `INSERT INTO idempotency_keys (owner, route, key, body_hash, execution_id, expires_at)
          SELECT x.owner, x.route, x.key, x.body_hash, x.execution_id, ${dialect.now} + $2
          FROM ${dialect.recordset('x', KEY_COLUMNS, '$1')} WHERE true
          ON CONFLICT (owner, route, key) DO UPDATE
          SET body_hash = excluded.body_hash, execution_id = excluded.execution_id, expires_at = excluded.expires_at
          WHERE idempotency_keys.expires_at < ${dialect.now}
          RETURNING execution_id`,
    params: [JSON.stringify(rows), keyTtlMs],
  };
  return new Set(taken.map((row) => row.execution_id as string));
}

/** Who holds the keys that were not got, by the id of the execution that asked. */
function* holdersOf({ dialect }: Database, keys: KeyRow[]): Write<Map<string, Held>> {
  const holders = yield {
    sql: `SELECT e.*, k.body_hash, x.execution_id AS asked_id
          FROM ${dialect.recordset('x', KEY_COLUMNS, '$1')}
          JOIN idempotency_keys k ON k.owner = x.owner AND k.route = x.route AND k.key = x.key
          JOIN executions e ON e.id = k.execution_id`,
    params: [JSON.stringify(keys)],
  };
  return new Map(holders.map((row: Row) => [row.asked_id as string, heldBy(row)]));
}

function heldBy(row: Row): Held {
  return { bodyHash: row.body_hash as string, execution: toExecution(row) };
}

function replay(command: SubmitCommand, held: Held | undefined): SubmitOutcome | LonghaulError {
  if (!held) throw new LonghaulError('internal_error', 'an idempotency key stands for an execution that is gone');
  if (held.bodyHash === command.idempotency?.bodyHash) return { execution: held.execution, replayed: true };
  return new LonghaulError(
    'idempotency_key_reused',
    `Idempotency-Key "${command.idempotency?.key}" was used with another body; send a new key for a new request`,
    { details: { execution_id: held.execution.id } },
  );
}

function replayRetry({ retryOf }: SubmitCommand, execution: Execution | undefined): SubmitOutcome | LonghaulError {
  if (execution) return { execution, replayed: true };
  return new LonghaulError(
    'dead_letter_handled',
    `the dead letter of ${retryOf?.executionId} was discarded; POST /v1/executions/${retryOf?.executionId}/retry tries it all the same`,
  );
}

function insertStatement(dialect: Dialect, fresh: Fresh[], turns: Map<string, number>) {
  const rows = dialect.recordset(
    'x',
    {
      id: 'text',
      kind: 'text',
      target: 'text',
      owner: 'text',
      queue: 'text',
      priority: 'text',
      job_id: 'text',
      run_id: 'text',
      epoch: 'bigint',
      max_attempts: 'bigint',
      delay_ms: 'bigint',
      patience_ms: 'bigint',
      deadline_ms: 'bigint',
      timeout_ms: 'bigint',
      input: 'json',
      conversation_id: 'text',
      turn: 'bigint',
      correlation_id: 'text',
      traceparent: 'text',
      metadata: 'json',
      tags: 'json',
      retry_of: 'text',
      fork: 'json',
      parent_id: 'text',
      tree_depth: 'bigint',
      detached: 'boolean',
      notify: 'json',
    },
    '$1',
  );
  return {
    sql: `INSERT INTO executions
            (id, kind, target, owner, queue, priority, status, job_id, run_id, epoch, attempt, max_attempts,
             counts_attempt, interruptions, created_at, due_at, ring_after, deadline_at, timeout_ms, input,
             conversation_id, turn, correlation_id, traceparent, metadata, tags, retry_of, fork,
             parent_id, tree_depth, detached, notify, next_seq)
          SELECT x.id, x.kind, x.target, x.owner, x.queue, x.priority, 'queued', x.job_id, x.run_id, x.epoch, 0,
             x.max_attempts, true, 0, ${dialect.now}, ${dialect.now} + x.delay_ms,
             ${dialect.now} + x.patience_ms, ${dialect.now} + x.delay_ms + x.deadline_ms, x.timeout_ms,
             coalesce(x.input, 'null'), x.conversation_id, x.turn, x.correlation_id, x.traceparent, x.metadata, x.tags,
             x.retry_of, x.fork, x.parent_id, x.tree_depth, x.detached, x.notify, 1
          FROM ${rows} WHERE true ON CONFLICT (id) DO NOTHING RETURNING *`,
    params: [toJsonText(byId(fresh.map(({ command, ids }) => executionRow(command, ids, turns))))],
  };
}

function executionRow(command: SubmitCommand, ids: Fresh['ids'], turns: Map<string, number>) {
  return {
    ...ids,
    turn: turns.get(ids.id) ?? null,
    kind: command.kind,
    target: command.target,
    owner: command.owner,
    queue: command.queue,
    priority: command.priority,
    // Only a run that is not the first reads the journal: what was copied counts as the first one's.
    epoch: command.journalFrom ? 1 : 0,
    max_attempts: command.maxAttempts,
    delay_ms: command.delayMs,
    patience_ms: command.delayMs > 0 || command.rungBySweep ? command.delayMs : RING_PATIENCE_MS,
    deadline_ms: command.deadlineMs,
    timeout_ms: command.timeoutMs,
    input: command.input,
    traceparent: command.traceparent ?? null,
    metadata: command.metadata,
    tags: command.tags,
    retry_of: command.retryOf?.executionId ?? null,
    fork: command.fork ?? null,
    parent_id: command.child?.parentId ?? null,
    tree_depth: command.child?.depth ?? null,
    detached: command.child?.detached ? true : null,
    notify: command.notify ?? null,
  };
}
