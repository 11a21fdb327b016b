import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const name = (of: string, length: number) => ({ name: of, type: 'varchar', length: String(length) });
const primary = { isPrimary: true, primaryKeyConstraintName: 'pk_step_values' };

/** Large results of steps, apart from their rows. */
export class CreateStepValues1700000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE steps ADD COLUMN value_length integer');
    await runner.createTable(
      new Table({
        name: 'step_values',
        columns: [
          { ...name('execution_id', 40), ...primary },
          { ...name('key', 200), ...primary },
          { name: 'value', type: 'text' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('step_values');
    await runner.query('ALTER TABLE steps DROP COLUMN value_length');
  }
}
