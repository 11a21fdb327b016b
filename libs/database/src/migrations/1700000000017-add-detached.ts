import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Executions that outlive the one that has started them, and how many of them a conversation has. */
export class AddDetached1700000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN detached boolean');
    await runner.createIndex(
      'executions',
      new TableIndex({
        name: 'ix_executions_detached',
        columnNames: ['owner', 'conversation_id'],
        where: 'detached IS NOT NULL AND completed_at IS NULL',
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('executions', 'ix_executions_detached');
    await runner.query('ALTER TABLE executions DROP COLUMN detached');
  }
}
