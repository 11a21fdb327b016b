import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const primary = { isPrimary: true, primaryKeyConstraintName: 'pk_remote_answers' };

export class CreateRemoteAnswers1700000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'remote_answers',
        columns: [
          { name: 'execution_id', type: 'varchar', length: '40', ...primary },
          { name: 'attempt', type: 'integer', ...primary },
          { name: 'status', type: 'varchar', length: '16' },
          { name: 'answer', type: 'json' },
          { name: 'at', type: 'bigint' },
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('remote_answers');
  }
}
