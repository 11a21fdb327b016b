import type { Database, Dialect, Row, Statement } from '@longhaul/database';
import { type Failure, type JsonObject, type JsonValue, toJsonText } from '@longhaul/kernel';
import type { WaitKind } from '../entities/wait.entity';
import type { ExecutionStatus } from '../lifecycle/status';
import { insertEvents } from './event-rows';
import type { Fence } from './fence';

/** What a step is to wait for from now on. */
export interface NewWait {
  id: string;
  kind: WaitKind;
  name: string | null;
  details: JsonObject;
  /** Milliseconds from now; null = for as long as it takes. */
  wakeInMs: number | null;
}

/** A wait as the next run finds it. */
export interface RecordedWait {
  id: string;
  kind: WaitKind;
  name: string | null;
  details: JsonObject;
  /** It came, or its time is over. */
  resolved: boolean;
  /** Null: its time is over. */
  resolution: JsonValue | null;
  /** Of a child that there is. */
  child: { status: ExecutionStatus; output: JsonValue | null; error: Failure | null } | null;
}

export const WAIT_COLUMNS = `w.id AS wait_id, w.kind AS wait_kind, w.name AS wait_name, w.details AS wait_details,
       w.resolved_at, w.resolution, child.status AS child_status, child.output AS child_output, child.error AS child_error`;

const json = <T>(value: unknown): T | null => (value === null ? null : (JSON.parse(value as string) as T));

export function toRecordedWait(row: Row): RecordedWait {
  return {
    id: row.wait_id as string,
    kind: row.wait_kind as WaitKind,
    name: row.wait_name as string | null,
    details: json<JsonObject>(row.wait_details) ?? {},
    resolved: row.resolved_at !== null,
    resolution: json<JsonValue>(row.resolution),
    child:
      row.child_status === null
        ? null
        : {
            status: row.child_status as ExecutionStatus,
            output: json<JsonValue>(row.child_output),
            error: json<Failure>(row.child_error),
          },
  };
}

/** Stored with the STARTs of their steps. A step that begins to wait anew forgets what came of it before. */
export function insertWaits(dialect: Dialect, waits: { fence: Fence; key: string; wait: NewWait }[]): Statement {
  const x = dialect.recordset(
    'x',
    {
      id: 'text',
      execution_id: 'text',
      step_key: 'text',
      kind: 'text',
      name: 'text',
      details: 'json',
      wake_in_ms: 'bigint',
    },
    '$1',
  );
  return {
    silent: true,
    sql: `INSERT INTO waits (id, execution_id, step_key, owner, kind, name, details, created_at, wake_at)
          SELECT x.id, x.execution_id, x.step_key, executions.owner, x.kind, x.name, x.details, ${dialect.now},
            ${dialect.now} + x.wake_in_ms
          FROM ${x} JOIN executions ON executions.id = x.execution_id WHERE true
          ON CONFLICT (execution_id, step_key) DO UPDATE
          SET id = excluded.id, kind = excluded.kind, name = excluded.name, details = excluded.details,
              created_at = excluded.created_at, wake_at = excluded.wake_at, resolved_at = NULL, resolution = NULL,
              consumed_at = NULL`,
    params: [
      toJsonText(
        waits.map(({ fence, key, wait: { id, kind, name, details, wakeInMs } }) => ({
          id,
          execution_id: fence.executionId,
          step_key: key,
          kind,
          name,
          details,
          wake_in_ms: wakeInMs,
        })),
      ),
    ],
  };
}

/** The results of these steps are recorded: what they waited for wakes nobody any more. */
export function consumeWaits(dialect: Dialect, waits: { executionId: string; key: string }[]): Statement {
  return {
    silent: true,
    sql: `UPDATE waits SET consumed_at = ${dialect.now}
          FROM ${dialect.recordset('x', { execution_id: 'text', step_key: 'text' }, '$1')}
          WHERE waits.execution_id = x.execution_id AND waits.step_key = x.step_key`,
    params: [JSON.stringify(waits.map(({ executionId, key }) => ({ execution_id: executionId, step_key: key })))],
  };
}

/** Of a row of `waits`: what it waits for is there. */
export const MAY_WAKE = `(waits.resolved_at IS NOT NULL OR (waits.kind = 'child' AND EXISTS
  (SELECT 1 FROM executions child
   WHERE child.id = waits.name AND child.owner = waits.owner AND child.completed_at IS NOT NULL)))`;

/**
 * Of executions that park: what has come and they did not ask for must not wake them, or a wait that the code has
 * forgotten would wake them for ever. What is still to come stays open: a run that was cut short of it does not tell that
 * no later one asks. It wakes the execution once at most, and is forgotten by the park after that.
 */
export function forgetWaits(dialect: Dialect, parked: { executionId: string; keys: string[] }[]): Statement {
  return {
    silent: true,
    sql: `UPDATE waits SET consumed_at = ${dialect.now}
          WHERE consumed_at IS NULL AND ${MAY_WAKE}
            AND execution_id IN (SELECT x.execution_id FROM ${dialect.recordset('x', { execution_id: 'text' }, '$1')})
            AND NOT EXISTS (SELECT 1 FROM ${dialect.recordset('y', { execution_id: 'text', step_key: 'text' }, '$2')}
                            WHERE y.execution_id = waits.execution_id AND y.step_key = waits.step_key)`,
    params: [
      JSON.stringify(parked.map(({ executionId }) => ({ execution_id: executionId }))),
      JSON.stringify(
        parked.flatMap(({ executionId, keys }) => keys.map((key) => ({ execution_id: executionId, step_key: key }))),
      ),
    ],
  };
}

/** A wait that has got its answer. */
export interface ResolvedWait {
  id: string;
  executionId: string;
  kind: WaitKind;
  name: string | null;
  details: JsonObject;
}

export interface WaitAnswer {
  waitId: string;
  owner: string;
  /** Null: nobody answered in its time. */
  resolution: JsonValue | null;
  /** Appended to the log of its execution. */
  event?: { type: 'approval.decided'; data: JsonObject };
}

/**
 * Gives one wait its answer, once, while its execution lives and its time is not over (or, without a resolution, is).
 * Answers null where it was too late for that: nothing has changed then.
 */
export async function resolveWait(
  database: Database,
  { waitId, owner, resolution, event }: WaitAnswer,
): Promise<ResolvedWait | null> {
  const { dialect } = database;
  const inTime = resolution === null ? `wake_at <= ${dialect.now}` : `(wake_at IS NULL OR wake_at > ${dialect.now})`;
  return database.write(function* () {
    // First the execution, as everybody who writes both does: no two wait for each other in a circle.
    const [live] = yield {
      sql: `UPDATE executions SET next_seq = next_seq
            WHERE id = (SELECT execution_id FROM waits WHERE id = $1 AND owner = $2) AND completed_at IS NULL
              AND cancel_requested_at IS NULL
            RETURNING id`,
      params: [waitId, owner],
    };
    if (!live) return null;
    const [row] = yield {
      sql: `UPDATE waits SET resolved_at = ${dialect.now}, resolution = $2
            WHERE id = $1 AND resolved_at IS NULL AND consumed_at IS NULL AND ${inTime}
            RETURNING id, execution_id, kind, name, details`,
      params: [waitId, resolution === null ? null : toJsonText(resolution)],
    };
    if (!row) return null;
    if (event) {
      const [numbered] = yield {
        sql: 'UPDATE executions SET next_seq = next_seq + 1 WHERE id = $1 RETURNING next_seq',
        params: [row.execution_id as string],
      };
      const seq = Number(numbered?.next_seq) - 1;
      const data = { approval_id: waitId, ...event.data };
      yield insertEvents(dialect, [
        { executionId: row.execution_id as string, seq, runId: null, type: event.type, data },
      ]);
    }
    return toResolved(row);
  });
}

function toResolved(row: Row): ResolvedWait {
  return {
    id: row.id as string,
    executionId: row.execution_id as string,
    kind: row.kind as WaitKind,
    name: row.name as string | null,
    details: json<JsonObject>(row.details) ?? {},
  };
}

export interface EventForWaits {
  owner: string;
  name: string;
  data: JsonValue;
  /** Null: whichever wait for it. */
  executionId: string | null;
}

/** All that wait for an event of this name, of this owner (and of this execution, where one is named), get it. */
export async function resolveEventWaits(database: Database, event: EventForWaits): Promise<string[]> {
  const { dialect } = database;
  const rows = await database.run(
    `UPDATE waits SET resolved_at = ${dialect.now}, resolution = $3
     WHERE owner = $1 AND kind = 'event' AND name = $2 AND resolved_at IS NULL AND consumed_at IS NULL
       AND (wake_at IS NULL OR wake_at > ${dialect.now}) AND ($4 = '' OR execution_id = $4)
       AND EXISTS (SELECT 1 FROM executions e WHERE e.id = waits.execution_id AND e.completed_at IS NULL)
     RETURNING execution_id`,
    [event.owner, event.name, toJsonText({ data: event.data }), event.executionId ?? ''],
  );
  return [...new Set(rows.map((row) => row.execution_id as string))];
}
