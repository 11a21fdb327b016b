import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const name = (of: string, length: number) => ({ name: of, type: 'varchar', length: String(length) });
const number = (of: string, type: 'integer' | 'bigint') => ({ name: of, type });
const primary = { isPrimary: true, primaryKeyConstraintName: 'pk_steps' };
const nullable = { isNullable: true };

export class CreateSteps1700000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'steps',
        columns: [
          { ...name('execution_id', 40), ...primary },
          { ...name('key', 200), ...primary },
          name('id', 40),
          name('effects', 16),
          name('status', 16),
          name('run_id', 40),
          number('epoch', 'integer'),
          number('attempt', 'integer'),
          number('started_at', 'bigint'),
          { ...number('ended_at', 'bigint'), ...nullable },
          { name: 'result', type: 'json', ...nullable },
          { name: 'error', type: 'json', ...nullable },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('steps');
  }
}
