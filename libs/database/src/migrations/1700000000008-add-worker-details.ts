import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const COLUMNS = {
  slots: 'integer',
  life_sign: 'varchar(128)',
  drain_requested_at: 'bigint',
  end_reason: 'varchar(16)',
};

/** What the operator is shown of a worker, and what tells its death. */
export class AddWorkerDetails1700000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of Object.entries(COLUMNS)) {
      // TypeORM would copy the whole table on SQLite to add a column.
      await runner.query(`ALTER TABLE workers ADD COLUMN ${name} ${type}`);
    }
    // Read every half second by every sweeper. Not by `renewed_at`: a heartbeat must not touch an index.
    await runner.createIndex(
      'workers',
      new TableIndex({ name: 'ix_workers_living', columnNames: ['id'], where: 'ended_at IS NULL' }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('workers', 'ix_workers_living');
    for (const name of Object.keys(COLUMNS)) await runner.query(`ALTER TABLE workers DROP COLUMN ${name}`);
  }
}
