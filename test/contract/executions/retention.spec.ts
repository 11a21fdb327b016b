import { ConversationRetention } from '../../../libs/agents/src/conversations/conversation-retention';
import { MessageLog } from '../../../libs/agents/src/conversations/message-log';
import { DeliveryRetention } from '../../../libs/delivery/src/delivery-retention';
import type { Database, Row } from '@longhaul/database';
import { EventLog, Retention } from '@longhaul/executions';
import { newId } from '@longhaul/kernel';
import type { RunEnding } from '../../../libs/executions/src/statements/end-run';
import { discardDeadLetters } from '../../../libs/executions/src/statements/dead-letters';
import { insertTicket } from '../../../libs/executions/src/statements/stream-tickets';
import { describeOnDatabases } from '../../support/databases';
import { DeliveryProcess } from '../delivery/delivery-fixture';
import { empty } from './fixtures';

const DAY = 86_400_000;
const FAILED: RunEnding = { kind: 'failed', error: { code: 'agent_error', message: 'no', retryable: false } };
const CONVERSATION = 'conv_01JD8Z4M7T9QW2X5C6V8B0N3KP';

describeOnDatabases('Retention', (get) => {
  let database: Database;
  let gateway: DeliveryProcess;

  beforeEach(async () => {
    ({ database } = get());
    await empty(database, 'deliveries', 'delivery_tries', 'stream_tickets', 'remote_answers');
    gateway = new DeliveryProcess(get()).withRules(({ transition }) =>
      transition === 'complete' || transition === 'fail' ? [{ event: 'end', channel: 'test', target: 'a' }] : [],
    );
    gateway.participants.register(new MessageLog());
    gateway.channels.register({ name: 'test', send: () => Promise.resolve({ kind: 'delivered', status: 200 }) });
  });
  afterEach(() => gateway.stop());

  /** A process that starts: its walks begin at the beginning. */
  async function tidy(executionsDays = 30, eventsDays = 30): Promise<void> {
    const retention = new Retention(database, {
      executionsKeptMs: executionsDays * DAY,
      eventsKeptMs: eventsDays * DAY,
      idempotencyTtlMs: DAY,
    } as ConstructorParameters<typeof Retention>[1]);
    new DeliveryRetention(retention).onModuleInit();
    new ConversationRetention(retention).onModuleInit();
    await retention.tidy();
  }

  const count = async (table: string) => Number((await database.read(`SELECT count(*) AS n FROM ${table}`))[0]?.n);
  const ids = async () => (await database.read('SELECT id FROM executions ORDER BY id')).map((row: Row) => row.id);

  /** Everything that is there happened so many days before. */
  async function age(days: number): Promise<void> {
    for (const [table, ...columns] of [
      ['executions', 'created_at', 'completed_at', 'due_at'],
      ['deliveries', 'created_at', 'ended_at'],
      ['conversations', 'created_at', 'last_at'],
    ] as [string, ...string[]][]) {
      const set = columns.map((column) => `${column} = ${column} - ${days * DAY}`).join(', ');
      await database.run(`UPDATE ${table} SET ${set}`);
    }
  }

  async function deliverAll(): Promise<void> {
    await database.run(
      `UPDATE deliveries SET status = 'delivered', ended_at = ${database.dialect.now} WHERE status = 'pending'`,
    );
  }

  it('deletes what ended long enough ago, with all that is its own, and nothing else', async () => {
    await gateway.ended();
    await deliverAll();
    const [{ id: delivery } = {}] = await database.read('SELECT id FROM deliveries');
    await database.run(
      `INSERT INTO delivery_tries (delivery_id, attempt, at, duration_ms, outcome) VALUES ($1, 1, 1, 1, 'delivered')`,
      [delivery as string],
    );
    await insertTicket(database, { hash: 'a', owner: 'local', scopes: [] }, -DAY);
    await age(31);
    const young = await gateway.ended();
    await tidy(32);
    expect(await count('executions')).toBe(2);
    await tidy();
    expect(await ids()).toEqual([young]);
    expect(await count('events')).toBe(3);
    expect(await count('runs')).toBe(1);
    expect(await count('deliveries')).toBe(1);
    expect([await count('delivery_tries'), await count('stream_tickets')]).toEqual([0, 0]);
  });

  it('keeps what lives, what is still to be delivered, and what nobody has looked after, however old', async () => {
    const undelivered = await gateway.ended();
    const live = await gateway.submit();
    await age(400);
    const failed = await gateway.ended(FAILED);
    await database.run(`UPDATE deliveries SET status = 'failed', ended_at = 1 WHERE execution_id = $1`, [failed]);
    await database.run('UPDATE executions SET created_at = 1, completed_at = 2 WHERE id = $1', [failed]);
    await tidy();
    expect(await ids()).toEqual([undelivered, live, failed]);
    expect(await count('dead_letters')).toBe(1);
    await deliverAll();
    expect((await discardDeadLetters(database, [failed], 'local', 'known')).size).toBe(1);
    await tidy();
    expect(await ids()).toEqual([live]);
    expect(await count('dead_letters')).toBe(0);
  });

  it('deletes events earlier where they are kept for less long, and keeps the record', async () => {
    const id = await gateway.ended();
    const live = await gateway.submit();
    await age(10);
    await tidy(30, 7);
    expect(await ids()).toEqual([id, live]);
    expect(await database.read('SELECT DISTINCT execution_id FROM events')).toEqual([{ execution_id: live }]);
    const execution = await gateway.reader.get(id, 'local');
    expect(execution).toMatchObject({ status: 'completed', nextSeq: 3 });
    const log = new EventLog(database);
    await expect(log.assertKept(execution, 1)).rejects.toMatchObject({ code: 'events_deleted' });
    await log.assertKept(execution, 2);
    await log.assertKept(await gateway.reader.get(live, 'local'), -1);
  });

  it('keeps what was said in a conversation until the last of its turns goes', async () => {
    const turn = { conversationId: CONVERSATION, isTurn: true };
    await gateway.ended(undefined, turn);
    await deliverAll();
    await age(20);
    await gateway.ended(undefined, turn);
    await deliverAll();
    await age(15);
    await tidy();
    expect(await count('executions')).toBe(1);
    expect([await count('conversations'), await count('messages')]).toEqual([1, 4]);
    await age(20);
    await tidy();
    expect([await count('executions'), await count('conversations'), await count('messages')]).toEqual([0, 0, 0]);
  });

  it('keeps whoever has started a job, and its conversation, until the job is over', async () => {
    const turn = { conversationId: CONVERSATION, isTurn: true };
    const parentId = await gateway.ended(undefined, turn);
    const other = await gateway.ended(undefined, turn);
    await deliverAll();
    const child = { id: newId('exec'), parentId, depth: 1, detached: true };
    const job = await gateway.submit({ conversationId: CONVERSATION, child });
    await age(31);
    await tidy();
    expect(await ids()).toEqual([parentId, job]);
    expect(other).toMatch(/^exec_/);
    expect([await count('conversations'), await count('messages')]).toEqual([1, 4]);
    await database.run(`UPDATE executions SET status = 'completed', completed_at = ${database.dialect.now}`);
    await age(31);
    await tidy();
    expect([await ids(), await count('conversations'), await count('messages')]).toEqual([[], 0, 0]);
  });

  it('gets through more than one look may take, a bounded piece at a time', async () => {
    const id = await gateway.ended();
    await deliverAll();
    await database.run(
      `INSERT INTO events (execution_id, seq, type, at, run_id, data)
       SELECT execution_id, seq + 3 + 3 * n, type, at, run_id, data FROM events
       CROSS JOIN (SELECT a.n * 40 + b.n AS n FROM ${numbers(40)} a CROSS JOIN ${numbers(40)} b) AS more`,
    );
    expect(await count('events')).toBe(4_803);
    await age(31);
    await tidy();
    expect([await ids(), await count('events')]).toEqual([[], 0]);
    expect(id).toMatch(/^exec_/);
  });
});

const numbers = (count: number) =>
  `(${Array.from({ length: count }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ')})`;
