import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const limits = (table: string, key: string, length: string) =>
  new Table({
    name: table,
    columns: [
      { name: key, type: 'varchar', length, isPrimary: true, primaryKeyConstraintName: `pk_${table}` },
      { name: 'marks', type: 'text' },
      { name: 'asked_at', type: 'bigint' },
    ],
  });

/** Limits are not of tools alone. What was counted is forgotten: it is of the last minutes. */
export class GeneraliseRateLimits1700000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tool_limits');
    await runner.createTable(limits('rate_limits', 'name', '200'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('rate_limits');
    await runner.createTable(limits('tool_limits', 'tool', '128'));
  }
}
