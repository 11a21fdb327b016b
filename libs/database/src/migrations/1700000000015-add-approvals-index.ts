import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** For the list of an owner's approvals, newest first. */
export class AddApprovalsIndex1700000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const where = `kind = 'approval'`;
    await runner.createIndex(
      'waits',
      new TableIndex({ name: 'ix_waits_approvals', columnNames: ['owner', 'id'], where }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('waits', 'ix_waits_approvals');
  }
}
