import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, TableIndex } from 'typeorm';

const text = (name: string, length: number, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...more,
});
const column = (name: string, type: string, more: Partial<TableColumnOptions> = {}) => ({ name, type, ...more });
const nullable = { isNullable: true };

const COLUMNS = { parent_id: 'varchar(40)', tree_depth: 'integer', waiting_for: 'json' };

/** What executions wait for, and the executions that they have asked for. */
export class CreateWaits1700000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of Object.entries(COLUMNS)) {
      // TypeORM would copy the whole table on SQLite to add a column.
      await runner.query(`ALTER TABLE executions ADD COLUMN ${name} ${type}`);
    }
    await runner.createIndices('executions', [
      new TableIndex({ name: 'ix_executions_children', columnNames: ['parent_id'], where: 'parent_id IS NOT NULL' }),
      new TableIndex({
        name: 'ix_executions_live_children',
        columnNames: ['parent_id'],
        where: 'parent_id IS NOT NULL AND completed_at IS NULL',
      }),
    ]);
    await runner.createTable(
      new Table({
        name: 'waits',
        columns: [
          text('id', 40, { isPrimary: true, primaryKeyConstraintName: 'pk_waits' }),
          text('execution_id', 40),
          text('step_key', 200),
          text('owner', 128),
          text('kind', 16),
          text('name', 200, nullable),
          column('details', 'json'),
          column('created_at', 'bigint'),
          column('wake_at', 'bigint', nullable),
          column('resolved_at', 'bigint', nullable),
          column('resolution', 'json', nullable),
          column('consumed_at', 'bigint', nullable),
        ],
      }),
    );
    await runner.createIndices('waits', [
      new TableIndex({ name: 'ux_waits_step', columnNames: ['execution_id', 'step_key'], isUnique: true }),
      new TableIndex({
        name: 'ix_waits_timers',
        columnNames: ['wake_at'],
        where: 'consumed_at IS NULL AND resolved_at IS NULL',
      }),
      new TableIndex({
        name: 'ix_waits_resolved',
        columnNames: ['execution_id'],
        where: 'consumed_at IS NULL AND resolved_at IS NOT NULL',
      }),
      new TableIndex({
        name: 'ix_waits_children',
        columnNames: ['name'],
        where: `consumed_at IS NULL AND kind = 'child'`,
      }),
      new TableIndex({
        name: 'ix_waits_open',
        columnNames: ['owner', 'kind', 'name'],
        where: 'resolved_at IS NULL',
      }),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('waits');
    await runner.dropIndex('executions', 'ix_executions_live_children');
    await runner.dropIndex('executions', 'ix_executions_children');
    for (const name of Object.keys(COLUMNS)) await runner.query(`ALTER TABLE executions DROP COLUMN ${name}`);
  }
}
