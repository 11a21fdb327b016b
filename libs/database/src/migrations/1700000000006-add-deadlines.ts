import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

export class AddDeadlines1700000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN deadline_at bigint');
    await runner.createIndex(
      'executions',
      new TableIndex({
        name: 'ix_executions_deadline',
        columnNames: ['deadline_at'],
        where: `status IN ('queued', 'waiting')`,
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('executions', 'ix_executions_deadline');
    await runner.query('ALTER TABLE executions DROP COLUMN deadline_at');
  }
}
