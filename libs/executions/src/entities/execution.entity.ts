import type { Failure, JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ExecutionStatus } from '../lifecycle/status';
import { column, nullable } from './columns';
import type { WaitKind } from './wait.entity';

/** What model calls took. `cost_usd` null: the price of one of them is not known. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
}

export interface Progress {
  percent: number;
  message: string | null;
  step: string | null;
}

/** One thing that a waiting execution waits for, as on the wire. */
export interface WaitingFor {
  kind: WaitKind;
  wait_id: string;
  step: string;
  /** The event, the child execution, what is to be approved, or why it sleeps: `quota`. */
  name?: string;
}

/** Whom the submission asked to be told of the end, besides those that configuration and registration name; as on the wire. */
export interface Notify {
  callback_url?: string;
  /** The whole record in the body of the call instead of a short one. */
  callback_body?: 'whole';
  channels?: JsonObject[];
}

/** What of an execution an operator may set anew for a fork of it. */
export interface Overrides {
  /** Instead of the agent's own part of its instructions. */
  prompt?: string;
  /** `provider/model`, instead of the agent's first one. */
  model?: string;
}

/** What an execution was forked from, and what is different. */
export interface Fork extends Overrides {
  execution_id: string;
  /** The step that was the first to be done anew; absent = all of them were. */
  from_step?: string;
  /** Of a chat: the place in the conversation of what it was forked from. It knows what was said before, and adds nothing. */
  turn?: number;
  /** It was asked something else. */
  input?: true;
  /** The keys of the steps whose results were given. */
  step_results?: string[];
}

/** One accepted request to run something. Read through the ORM; written only by the statements in ../statements. */
@Entity('executions')
@Index('ix_executions_owner', ['owner', 'id'])
@Index('ix_executions_queued', ['queue', 'dueAt'], { where: `status = 'queued'` })
@Index('ix_executions_ring', ['ringAfter'], { where: `status = 'queued'` })
@Index('ix_executions_turns', ['conversationId', 'turn'], { where: `turn IS NOT NULL AND completed_at IS NULL` })
@Index('ix_executions_deadline', ['deadlineAt'], { where: `status IN ('queued', 'waiting')` })
@Index('ix_executions_live', ['owner'], { where: `completed_at IS NULL` })
@Index('ix_executions_children', ['parentId'], { where: `parent_id IS NOT NULL` })
@Index('ix_executions_live_children', ['parentId'], { where: `parent_id IS NOT NULL AND completed_at IS NULL` })
@Index('ix_executions_detached', ['owner', 'conversationId'], {
  where: `detached IS NOT NULL AND completed_at IS NULL`,
})
@Index('ix_executions_running', ['workerId'], { where: `status = 'running'` })
export class Execution {
  @PrimaryColumn({ ...column.id('id'), primaryKeyConstraintName: 'pk_executions' } as object)
  id: string;

  /** Which handler runs it: `agent`. */
  @Column(column.text('kind', 32))
  kind: string;

  /** What is run: the agent's id. */
  @Column(column.text('target', 128))
  target: string;

  /** Whose it is; nobody else sees it. */
  @Column(column.text('owner', 128))
  owner: string;

  @Column(column.text('queue', 64))
  queue: string;

  @Column(column.text('priority', 8))
  priority: Priority;

  @Column(column.text('status', 16))
  status: ExecutionStatus;

  /** The current ring. Minted anew whenever the execution goes back to the queue. */
  @Column(column.id('job_id'))
  jobId: string;

  /** The run that the current ring leads to, or that is under way, or that was the last. */
  @Column(column.id('run_id'))
  runId: string;

  /** Rises with each claim; fences every write of a worker. */
  @Column(column.integer('epoch'))
  epoch: number;

  /** The worker whose lease it is under; null unless running. */
  @Column(column.id('worker_id', nullable))
  workerId: string | null;

  @Column(column.integer('attempt'))
  attempt: number;

  @Column(column.integer('max_attempts'))
  maxAttempts: number;

  /** Whether the next claim is a new attempt; false after a drain or a lost lease. */
  @Column(column.boolean('counts_attempt'))
  countsAttempt: boolean;

  /** Leases lost in a row. */
  @Column(column.integer('interruptions'))
  interruptions: number;

  @Column(column.moment('created_at'))
  createdAt: number;

  /** Not claimed before this. */
  @Column(column.moment('due_at'))
  dueAt: number;

  /** While queued: when the sweep may ring for it (again). */
  @Column(column.moment('ring_after'))
  ringAfter: number;

  @Column(column.moment('started_at', nullable))
  startedAt: number | null;

  @Column(column.moment('completed_at', nullable))
  completedAt: number | null;

  @Column(column.moment('cancel_requested_at', nullable))
  cancelRequestedAt: number | null;

  /** While it lives: when it fails, whatever it is at. Null for what was accepted before there were deadlines. */
  @Column(column.moment('deadline_at', nullable))
  deadlineAt: number | null;

  @Column(column.integer('timeout_ms', nullable))
  timeoutMs: number | null;

  @Column(column.json('input'))
  input: JsonValue;

  @Column(column.json('output', nullable))
  output: JsonValue | null;

  /** Of a failed execution, or of the last attempt while another is to come. */
  @Column(column.json('error', nullable))
  error: Failure | null;

  @Column(column.json('progress', nullable))
  progress: Progress | null;

  /** Of all its runs so far, those that failed or were lost too. */
  @Column(column.json('usage', nullable))
  usage: Usage | null;

  @Column(column.id('conversation_id'))
  conversationId: string;

  /** Its place in its conversation, from 1; null for what is no turn of one, and waits for nobody. */
  @Column(column.integer('turn', nullable))
  turn: number | null;

  @Column(column.text('correlation_id', 256))
  correlationId: string;

  @Column(column.text('traceparent', 64, nullable))
  traceparent: string | null;

  @Column(column.json('metadata'))
  metadata: JsonObject;

  @Column(column.json('tags'))
  tags: string[];

  /** The failed execution that this one tries anew; null for all others. */
  @Column(column.id('retry_of', nullable))
  retryOf: string | null;

  /** Null for what is no fork of another one. */
  @Column(column.json('fork', nullable))
  fork: Fork | null;

  /** The execution whose step asked for this one; null for what a client submitted. */
  @Column(column.id('parent_id', nullable))
  parentId: string | null;

  /** How many are above it: 0 for what a client submitted. */
  @Column(column.integer('tree_depth', nullable))
  treeDepth: number | null;

  /** True: it goes on when its parent is over or cancelled. Null for all others. */
  @Column(column.boolean('detached', nullable))
  detached: boolean | null;

  /** While it waits: what for. */
  @Column(column.json('waiting_for', nullable))
  waitingFor: WaitingFor[] | null;

  /** Null where the submission named nobody. */
  @Column(column.json('notify', nullable))
  notify: Notify | null;

  /** The `seq` of the next event. */
  @Column(column.integer('next_seq'))
  nextSeq: number;
}
