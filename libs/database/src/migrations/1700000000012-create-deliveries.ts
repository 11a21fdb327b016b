import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';

const text = (name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
const column = (name: string, type: string, more: Partial<TableColumnOptions> = {}) => ({ name, type, ...more });
const nullable = { isNullable: true };
const primary = (table: string) => ({ isPrimary: true, primaryKeyConstraintName: `pk_${table}` });

/** What leaves when something happened: rows to be sent, each try, and who has registered for them. */
export class CreateDeliveries1700000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN notify json');
    await runner.createTable(
      new Table({
        name: 'deliveries',
        columns: [
          text('id', 40, primary('deliveries')),
          text('owner', 128),
          text('execution_id', 40, nullable),
          text('subject', 128),
          text('event', 64),
          text('agent', 128, nullable),
          text('channel', 32),
          column('target', 'text'),
          text('target_key', 64),
          text('lane', 255),
          text('source', 16),
          column('options', 'json', nullable),
          text('status', 16),
          column('attempt', 'integer'),
          column('attempts_before', 'integer'),
          column('due_at', 'bigint'),
          column('give_up_at', 'bigint'),
          text('claim', 40, nullable),
          column('created_at', 'bigint'),
          column('ended_at', 'bigint', nullable),
          column('last_status', 'integer', nullable),
          column('last_error', 'text', nullable),
        ],
      }),
    );
    await runner.createIndices('deliveries', [
      new TableIndex({
        name: 'ux_deliveries_once',
        columnNames: ['subject', 'event', 'channel', 'target_key'],
        isUnique: true,
      }),
      new TableIndex({ name: 'ix_deliveries_due', columnNames: ['due_at'], where: `status = 'pending'` }),
      new TableIndex({ name: 'ix_deliveries_owner', columnNames: ['owner', 'id'] }),
    ]);
    await runner.createTable(
      new Table({
        name: 'delivery_tries',
        columns: [
          text('delivery_id', 40, primary('delivery_tries')),
          column('attempt', 'integer', primary('delivery_tries')),
          column('at', 'bigint'),
          column('duration_ms', 'integer'),
          text('outcome', 16),
          column('status', 'integer', nullable),
          column('error', 'text', nullable),
          column('excerpt', 'text', nullable),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'webhook_endpoints',
        columns: [
          text('id', 40, primary('webhook_endpoints')),
          text('owner', 128),
          column('url', 'text'),
          text('host', 255),
          text('description', 256, nullable),
          column('events', 'text'),
          column('agents', 'text'),
          text('body', 16),
          text('envelope', 16),
          text('secret', 128),
          text('previous_secret', 128, nullable),
          column('previous_until', 'bigint', nullable),
          column('enabled', 'boolean'),
          column('disabled_reason', 'text', nullable),
          column('failures', 'integer'),
          column('open_until', 'bigint', nullable),
          column('created_at', 'bigint'),
          column('updated_at', 'bigint'),
        ],
      }),
    );
    await runner.createIndex(
      'webhook_endpoints',
      new TableIndex({ name: 'ix_webhook_endpoints_owner', columnNames: ['owner', 'id'] }),
    );
    await runner.createTable(
      new Table({
        name: 'gateway_secrets',
        columns: [text('name', 64, primary('gateway_secrets')), text('value', 128)],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['gateway_secrets', 'webhook_endpoints', 'delivery_tries', 'deliveries']) {
      await runner.dropTable(table);
    }
    await runner.query('ALTER TABLE executions DROP COLUMN notify');
  }
}
