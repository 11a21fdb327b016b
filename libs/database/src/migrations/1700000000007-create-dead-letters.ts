import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';

const text = (name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
const nullable = { isNullable: true };
const primary = { isPrimary: true, primaryKeyConstraintName: 'pk_dead_letters' };

export class CreateDeadLetters1700000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN retry_of varchar(40)');
    await runner.createTable(
      new Table({
        name: 'dead_letters',
        columns: [
          text('execution_id', 40, primary),
          text('owner', 128),
          text('target', 128),
          text('queue', 64),
          text('reason', 64),
          text('fingerprint', 16),
          { name: 'message', type: 'text' },
          { name: 'failed_at', type: 'bigint' },
          { name: 'handled_at', type: 'bigint', ...nullable },
          text('handling', 16, nullable),
          text('redriven_as', 40, nullable),
          { name: 'discard_reason', type: 'text', ...nullable },
        ],
      }),
    );
    await runner.createIndices('dead_letters', [
      new TableIndex({
        name: 'ix_dead_letters_open',
        columnNames: ['owner', 'failed_at', 'execution_id'],
        where: 'handled_at IS NULL',
      }),
      new TableIndex({ name: 'ix_dead_letters_group', columnNames: ['owner', 'fingerprint', 'failed_at'] }),
    ]);
    // What failed before there were dead letters: told apart by agent and reason, which make a group together with the
    // fingerprint.
    await runner.query(`
      INSERT INTO dead_letters (execution_id, owner, target, queue, reason, fingerprint, message, failed_at)
      SELECT id, owner, target, queue, substr(coalesce(error->>'code', 'agent_error'), 1, 64), '0000000000000000',
             substr(coalesce(error->>'message', ''), 1, 1000), completed_at
      FROM executions WHERE status = 'failed'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('dead_letters');
    await runner.query('ALTER TABLE executions DROP COLUMN retry_of');
  }
}
