import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const primary = (table: string) => ({ isPrimary: true, primaryKeyConstraintName: `pk_${table}` });

/** How often each tool was called of late, and what it answered. */
export class CreateToolLimits1700000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'tool_limits',
        columns: [
          { name: 'tool', type: 'varchar', length: '128', ...primary('tool_limits') },
          { name: 'marks', type: 'text' },
          { name: 'asked_at', type: 'bigint' },
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'tool_results',
        columns: [
          { name: 'id', type: 'varchar', length: '64', ...primary('tool_results') },
          { name: 'value', type: 'text' },
          { name: 'expires_at', type: 'bigint' },
        ],
        indices: [new TableIndex({ name: 'ix_tool_results_expires', columnNames: ['expires_at'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tool_results');
    await runner.dropTable('tool_limits');
  }
}
