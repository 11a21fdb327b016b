import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';

const id = (name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: '40',
  ...more,
});
const text = (name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
const integer = (name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'integer',
  ...more,
});
/** Milliseconds since the epoch. */
const moment = (name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'bigint',
  ...more,
});
const json = (name: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'json',
  ...more,
});
const nullable = { isNullable: true };
const primary = (name: string): Partial<TableColumnOptions> => ({ isPrimary: true, primaryKeyConstraintName: name });

export class CreateExecutions1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'executions',
        columns: [
          id('id', primary('pk_executions')),
          text('kind', 32),
          text('target', 128),
          text('owner', 128),
          text('queue', 64),
          text('priority', 8),
          text('status', 16),
          id('job_id'),
          id('run_id'),
          integer('epoch'),
          id('worker_id', nullable),
          integer('attempt'),
          integer('max_attempts'),
          { name: 'counts_attempt', type: 'boolean' },
          integer('interruptions'),
          moment('created_at'),
          moment('due_at'),
          moment('ring_after'),
          moment('started_at', nullable),
          moment('completed_at', nullable),
          moment('cancel_requested_at', nullable),
          integer('timeout_ms', nullable),
          json('input'),
          json('output', nullable),
          json('error', nullable),
          json('progress', nullable),
          json('usage', nullable),
          id('conversation_id'),
          text('correlation_id', 256),
          text('traceparent', 64, nullable),
          json('metadata'),
          json('tags'),
          integer('next_seq'),
        ],
      }),
    );
    const queued = { where: `status = 'queued'` };
    await runner.createIndices('executions', [
      new TableIndex({ name: 'ix_executions_owner', columnNames: ['owner', 'id'] }),
      new TableIndex({ name: 'ix_executions_queued', columnNames: ['queue', 'due_at'], ...queued }),
      new TableIndex({ name: 'ix_executions_ring', columnNames: ['ring_after'], ...queued }),
      new TableIndex({ name: 'ix_executions_running', columnNames: ['worker_id'], where: `status = 'running'` }),
    ]);
    await runner.createTable(
      new Table({
        name: 'events',
        columns: [
          id('execution_id', primary('pk_events')),
          integer('seq', primary('pk_events')),
          text('type', 64),
          moment('at'),
          id('run_id', nullable),
          json('data'),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'runs',
        columns: [
          id('id', primary('pk_runs')),
          id('execution_id'),
          integer('attempt'),
          integer('epoch'),
          id('worker_id'),
          moment('started_at'),
          moment('ended_at', nullable),
          text('outcome', 16, nullable),
          json('error', nullable),
        ],
        indices: [{ name: 'ix_runs_execution', columnNames: ['execution_id'] }],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'workers',
        columns: [
          id('id', primary('pk_workers')),
          text('host', 256),
          integer('pid'),
          text('version', 32),
          json('queues'),
          moment('started_at'),
          moment('renewed_at'),
          moment('ended_at', nullable),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'idempotency_keys',
        columns: [
          text('owner', 128, primary('pk_idempotency_keys')),
          text('route', 256, primary('pk_idempotency_keys')),
          text('key', 256, primary('pk_idempotency_keys')),
          text('body_hash', 64),
          id('execution_id'),
          moment('expires_at'),
        ],
        indices: [{ name: 'ix_idempotency_keys_expires', columnNames: ['expires_at'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'workers', 'runs', 'events', 'executions']) await runner.dropTable(table);
  }
}
