import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const name = (of: string, length: number) => ({ name: of, type: 'varchar', length: String(length) });
const number = (of: string, type: 'integer' | 'bigint') => ({ name: of, type });
const primary = (of: string) => ({ isPrimary: true, primaryKeyConstraintName: of });

export class CreateConversations1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // TypeORM would copy the whole table on SQLite to add a column.
    await runner.query('ALTER TABLE executions ADD COLUMN turn integer');
    await runner.createIndex(
      'executions',
      new TableIndex({
        name: 'ix_executions_turns',
        columnNames: ['conversation_id', 'turn'],
        where: 'turn IS NOT NULL AND completed_at IS NULL',
      }),
    );
    await runner.createTable(
      new Table({
        name: 'conversations',
        columns: [
          { ...name('owner', 128), ...primary('pk_conversations') },
          { ...name('id', 40), ...primary('pk_conversations') },
          name('target', 128),
          number('created_at', 'bigint'),
          number('last_at', 'bigint'),
          number('turns', 'integer'),
        ],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'messages',
        columns: [
          { ...name('owner', 128), ...primary('pk_messages') },
          { ...name('conversation_id', 40), ...primary('pk_messages') },
          { ...number('seq', 'integer'), ...primary('pk_messages') },
          name('role', 16),
          { name: 'text', type: 'text' },
          name('execution_id', 40),
          number('at', 'bigint'),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['messages', 'conversations']) await runner.dropTable(table);
    await runner.dropIndex('executions', 'ix_executions_turns');
    await runner.query('ALTER TABLE executions DROP COLUMN turn');
  }
}
