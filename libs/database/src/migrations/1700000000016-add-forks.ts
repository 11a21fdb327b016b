import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an execution was forked from, and what is different. */
export class AddForks1700000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN fork json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE executions DROP COLUMN fork');
  }
}
