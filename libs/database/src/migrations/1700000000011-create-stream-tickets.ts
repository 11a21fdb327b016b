import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

export class CreateStreamTickets1700000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'stream_tickets',
        columns: [
          {
            name: 'hash',
            type: 'varchar',
            length: '64',
            isPrimary: true,
            primaryKeyConstraintName: 'pk_stream_tickets',
          },
          { name: 'owner', type: 'varchar', length: '128' },
          { name: 'scopes', type: 'json' },
          { name: 'expires_at', type: 'bigint' },
          { name: 'used_at', type: 'bigint', isNullable: true },
        ],
        indices: [new TableIndex({ name: 'ix_stream_tickets_expires', columnNames: ['expires_at'] })],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('stream_tickets');
  }
}
