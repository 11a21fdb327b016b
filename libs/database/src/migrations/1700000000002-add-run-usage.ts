import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddRunUsage1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE runs ADD COLUMN usage json');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE runs DROP COLUMN usage');
  }
}
