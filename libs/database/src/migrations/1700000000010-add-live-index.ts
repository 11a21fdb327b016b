import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** For the count of an owner's executions that are not over. */
export class AddLiveIndex1700000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex(
      'executions',
      new TableIndex({ name: 'ix_executions_live', columnNames: ['owner'], where: 'completed_at IS NULL' }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('executions', 'ix_executions_live');
  }
}
