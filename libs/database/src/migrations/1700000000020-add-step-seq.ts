import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The places of steps among each other, by numbers of the database and not by ids, which come from workers' clocks. */
export class AddStepSeq1700000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE steps ADD COLUMN seq integer NOT NULL DEFAULT 0');
    // What there is keeps its order, before all that is still to be begun.
    await runner.query(
      `UPDATE steps SET seq = -placed.place
       FROM (SELECT execution_id, key, row_number() OVER (PARTITION BY execution_id ORDER BY id DESC) AS place FROM steps)
         AS placed
       WHERE placed.execution_id = steps.execution_id AND placed.key = steps.key`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE steps DROP COLUMN seq');
  }
}
