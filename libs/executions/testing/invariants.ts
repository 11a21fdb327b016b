import type { Database, Row, Write } from '@longhaul/database';
import { type ExecutionStatus, MAX_INTERRUPTIONS, TRANSITIONS } from '../src';

/** A statement that finds what must never be, by the number of the invariant. */
const VIOLATIONS: Record<string, string> = {
  'I2 running without exactly one owner and epoch': `
    SELECT id FROM executions WHERE (status = 'running') <> (worker_id IS NOT NULL) OR (status = 'running' AND epoch < 1)`,
  'I2 two runs of one execution at the same time': `
    SELECT a.execution_id AS id FROM runs a JOIN runs b ON a.execution_id = b.execution_id AND a.epoch < b.epoch
    WHERE a.ended_at IS NULL OR a.ended_at > b.started_at`,
  'I2 two runs with one epoch': `
    SELECT execution_id AS id FROM runs GROUP BY execution_id, epoch HAVING count(*) > 1`,
  'I4 more attempts or interruptions than allowed': `
    SELECT id FROM executions WHERE attempt > max_attempts OR interruptions > ${MAX_INTERRUPTIONS}`,
  'I6 a terminal execution without exactly one terminal event, or a live one with any': `
    SELECT e.id FROM executions e WHERE (CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN 1 ELSE 0 END) <>
      (SELECT count(*) FROM events v WHERE v.execution_id = e.id
         AND v.type IN ('execution.completed', 'execution.failed', 'execution.cancelled'))`,
  'I6 a terminal event that is not the last': `
    SELECT e.id FROM executions e JOIN events v ON v.execution_id = e.id
    WHERE v.type IN ('execution.completed', 'execution.failed', 'execution.cancelled') AND v.seq <> e.next_seq - 1`,
  'I6 a gap in seq': `
    SELECT e.id FROM executions e WHERE e.next_seq <> (SELECT count(*) FROM events v WHERE v.execution_id = e.id)
      OR e.next_seq - 1 <> (SELECT max(seq) FROM events v WHERE v.execution_id = e.id)`,
  "I3 a step under a run or an epoch that is not its execution's": `
    SELECT s.execution_id AS id FROM steps s JOIN executions e ON e.id = s.execution_id
    WHERE s.epoch > e.epoch OR s.epoch > 0 AND NOT EXISTS
      (SELECT 1 FROM runs r WHERE r.id = s.run_id AND r.execution_id = s.execution_id AND r.epoch = s.epoch)`,
  'I7 a recorded step without exactly one step.completed, or another one with any': `
    SELECT s.execution_id AS id FROM steps s WHERE s.epoch > 0 AND (CASE WHEN s.status = 'completed' THEN 1 ELSE 0 END) <>
      (SELECT count(*) FROM events v WHERE v.execution_id = s.execution_id AND v.type = 'step.completed'
         AND v.data->>'step_id' = s.id)`,
  'I7 a step that is at_most_once and began again without a word that nothing had happened': `
    SELECT s.execution_id AS id FROM steps s WHERE s.effects = 'at_most_once' AND
      (SELECT count(*) FROM events v WHERE v.execution_id = s.execution_id AND v.type = 'step.started'
         AND v.data->>'step_id' = s.id) > 1 +
      (SELECT count(*) FROM events v WHERE v.execution_id = s.execution_id AND v.type = 'step.failed'
         AND v.data->>'step_id' = s.id)`,
  'I8 queued with a cancel pending': `
    SELECT id FROM executions WHERE status = 'queued' AND cancel_requested_at IS NOT NULL`,
  'I8 back in the queue, or begun, after its cancel was asked': `
    SELECT a.execution_id AS id FROM events a JOIN events b ON b.execution_id = a.execution_id AND b.seq > a.seq
    WHERE a.type = 'execution.cancelling' AND b.type IN ('execution.retrying', 'execution.started')`,
  'a turn that ran before an earlier one of its conversation was over': `
    SELECT b.id FROM executions a
    JOIN executions b ON b.owner = a.owner AND b.conversation_id = a.conversation_id AND b.turn > a.turn
      AND b.created_at >= a.created_at
    JOIN runs r ON r.execution_id = b.id
    WHERE a.turn IS NOT NULL AND (a.completed_at IS NULL OR a.completed_at > r.started_at)`,
  'two live turns with one place in their conversation': `
    SELECT b.id FROM executions a
    JOIN executions b ON b.owner = a.owner AND b.conversation_id = a.conversation_id AND b.turn = a.turn AND b.id > a.id
      AND (a.completed_at IS NULL OR a.completed_at > b.created_at)
    WHERE a.turn IS NOT NULL`,
  'a failed execution without a dead letter, or a dead letter of one that has not failed': `
    SELECT e.id FROM executions e LEFT JOIN dead_letters d ON d.execution_id = e.id AND d.owner = e.owner
    WHERE (e.status = 'failed') <> (d.execution_id IS NOT NULL)`,
  'a dead letter without its execution': `
    SELECT d.execution_id AS id FROM dead_letters d WHERE NOT EXISTS (SELECT 1 FROM executions e WHERE e.id = d.execution_id)`,
  'a redriven dead letter whose execution does not name it': `
    SELECT d.execution_id AS id FROM dead_letters d
    LEFT JOIN executions e ON e.id = d.redriven_as AND e.retry_of = d.execution_id AND e.owner = d.owner
    WHERE (coalesce(d.handling, '') = 'redriven') <> (d.redriven_as IS NOT NULL)
       OR (d.redriven_as IS NOT NULL AND e.id IS NULL) OR (d.handled_at IS NULL) <> (d.handling IS NULL)`,
  'two live or completed executions that try one anew': `
    SELECT b.id FROM executions a JOIN executions b ON b.retry_of = a.retry_of AND b.id > a.id
    WHERE a.retry_of IS NOT NULL AND a.status <> 'cancelled' AND b.status <> 'cancelled'`,
  "I12 a delivery of an end that is not the end of its execution, or is somebody else's": `
    SELECT d.id FROM deliveries d LEFT JOIN executions e ON e.id = d.execution_id AND e.owner = d.owner
    WHERE d.event IN ('execution.completed', 'execution.failed', 'execution.cancelled') AND d.execution_id IS NOT NULL
      AND (e.id IS NULL OR 'execution.' || e.status <> d.event)`,
  'I12 more tries than were begun, or delivered without a try that arrived': `
    SELECT d.id FROM deliveries d
    WHERE d.attempt < (SELECT count(*) FROM delivery_tries t WHERE t.delivery_id = d.id)
       OR (d.status = 'delivered' AND NOT EXISTS
           (SELECT 1 FROM delivery_tries t WHERE t.delivery_id = d.id AND t.outcome = 'delivered'))`,
  'I12 two deliveries of one event of one execution to one target': `
    SELECT b.id FROM deliveries a JOIN deliveries b ON b.subject = a.subject AND b.event = a.event
      AND b.channel = a.channel AND b.target = a.target AND b.id > a.id`,
  'a terminal execution with an open run': `
    SELECT e.id FROM executions e JOIN runs r ON r.execution_id = e.id
    WHERE e.status IN ('completed', 'failed', 'cancelled') AND r.ended_at IS NULL`,
};

/** The events that stand for a row of the transition table. */
const STATUS_EVENTS = new Set<string>(Object.values(TRANSITIONS).map(({ event }) => event));

/** Checks in SQL, on a whole database, what must hold at every moment. */
export class Invariants {
  constructor(private readonly database: Database) {}

  /** One line for each violation; empty when all is well. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    for (const [name, sql] of Object.entries(VIOLATIONS)) {
      const rows = await this.look(sql);
      found.push(...rows.map((row) => `${name}: ${String(row.id)}`));
    }
    return [...found, ...(await this.illegalHistories())];
  }

  /** Whole tables are joined here, and the gateway's connections are told to plan for a handful of rows. */
  private look(sql: string): Promise<Row[]> {
    if (this.database.dialect.name === 'sqlite') return this.database.read(sql);
    return this.database.write(function* (): Write<Row[]> {
      for (const way of ['seqscan', 'hashjoin', 'mergejoin']) yield { sql: `SET LOCAL enable_${way} = on` };
      return yield { sql };
    });
  }

  /** Replays every event log through the transition table: it must lead, step by legal step, to the status. */
  private async illegalHistories(): Promise<string[]> {
    const rows = await this.look(
      `SELECT e.id, e.status, v.type FROM executions e JOIN events v ON v.execution_id = e.id ORDER BY e.id, v.seq`,
    );
    const replayed = new Map<string, { status: string; reached: ExecutionStatus | null; illegal?: string }>();
    for (const row of rows) {
      const history = replayed.get(String(row.id)) ?? { status: String(row.status), reached: null };
      replayed.set(String(row.id), history);
      if (!STATUS_EVENTS.has(String(row.type))) continue;
      const step = Object.values(TRANSITIONS).find(({ from, event }) => from === history.reached && event === row.type);
      if (step) history.reached = step.to;
      else history.illegal ??= `${String(row.type)} while ${history.reached}`;
    }
    return [...replayed].flatMap(([id, { status, reached, illegal }]) => {
      if (illegal === undefined && reached === status) return [];
      return [`illegal history: ${id}: ${illegal ?? `events lead to ${reached}, the status is ${status}`}`];
    });
  }
}
