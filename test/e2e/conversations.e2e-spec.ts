import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { Invariants } from '@longhaul/executions/testing';
import { newId } from '@longhaul/kernel';
import { ApiClient, type ExecutionView } from '../support/api-client';
import { openTestDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { GatewayFleet } from '../support/gateway-fleet';
import { describeWithOwnRedis, describeWithPostgres, freshDatabase } from '../support/servers';

const takes = (ms: number) => ({ context: { demo: { sleep_ms: ms, chunks: 1 } } });
const START_MS = 60_000;

interface MessageView {
  role: string;
  text: string;
  execution_id: string;
}

/** What every turn of a conversation said that was completed, by the order of the turns. */
const saw = (turns: number) => expect.stringContaining(turns === 0 ? 'You said' : `conversation had turns: ${turns}.`);

async function expectNoViolations(persistence: PersistenceOptions): Promise<void> {
  const opened = await openTestDatabase(persistence);
  try {
    expect(await new Invariants(opened.database).violations()).toEqual([]);
  } finally {
    await opened.database.close();
    await opened.dataSource.destroy();
  }
}

async function messagesOf(api: ApiClient, conversationId: string): Promise<MessageView[]> {
  return (await api.get<{ items: MessageView[] }>(`/v1/conversations/${conversationId}/messages?limit=100`)).items;
}

const ended = (api: ApiClient, id: string): Promise<ExecutionView> =>
  eventually(
    async () => {
      const execution = await api.execution(id);
      return ['completed', 'failed', 'cancelled'].includes(execution.status) && execution;
    },
    { timeoutMs: 60_000, intervalMs: 50 },
  );

describe('A conversation in one process on SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-conversations-'));
  const persistence: PersistenceOptions = { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 };
  let fleet: GatewayFleet;
  let api: ApiClient;

  beforeAll(() => {
    // A death is seen by the life sign; a lease that ran out besides would be one loss more.
    const env = { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30' };
    fleet = new GatewayFleet({ queue: { backend: 'memory' }, persistence, env });
  });
  afterAll(async () => {
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'outlives a kill between two turns, and one in the middle of a turn with others behind it',
    async () => {
      const conversation_id = newId('conv');
      const say = (ms: number) => api.submit('worker', { conversation_id, ...takes(ms) });
      let server = await fleet.startApi();
      api = new ApiClient(fleet.url);
      const ids = [await say(0)];
      await ended(api, String(ids[0]));

      await server.signal('SIGKILL');
      server = await fleet.startApi();
      expect(await messagesOf(api, conversation_id)).toHaveLength(2);
      ids.push(await say(3_000), await say(0), await say(0));
      await eventually(async () => (await api.execution(String(ids[1]))).status === 'running');

      await server.signal('SIGKILL');
      await fleet.startApi();
      const turns: ExecutionView[] = [];
      for (const id of ids) turns.push(await ended(api, id));
      expect(turns.map(({ output }) => output)).toEqual(ids.map((_, n) => ({ text: saw(n) })));
      expect((await api.runs(String(ids[1]))).map(({ outcome }) => outcome)).toEqual(['lost', 'completed']);
      const messages = await messagesOf(api, conversation_id);
      expect(messages.map(({ role, execution_id }) => [role, execution_id])).toEqual(
        ids.flatMap((id) => [
          ['user', id],
          ['assistant', id],
        ]),
      );
      await expectNoViolations(persistence);
    },
    START_MS * 2,
  );
});

describeWithPostgres('Conversations on two worker processes,', (serverUrl) => {
  describeWithOwnRedis('PostgreSQL and Redis', (redis) => {
    let fleet: GatewayFleet;
    let api: ApiClient;
    let persistence: PersistenceOptions;
    let drop: (() => Promise<void>) | undefined;

    beforeAll(async () => {
      const fresh = await freshDatabase(serverUrl());
      drop = fresh.drop;
      persistence = { backend: 'postgres', url: fresh.url, poolSize: 5 };
      fleet = new GatewayFleet({ queue: { backend: 'redis', url: redis().url }, persistence });
      await fleet.startApi();
      api = new ApiClient(fleet.url);
    }, START_MS);
    afterAll(async () => {
      await fleet?.stop();
      await drop?.();
    }, START_MS);

    it(
      'have 5 x 6 turns each done in order, one at a time, although a worker is killed in the middle',
      async () => {
        const workers = [await fleet.startWorker(), await fleet.startWorker()];
        const conversations = Array.from({ length: 5 }, () => newId('conv'));
        const turns: Promise<string[]>[] = conversations.map(async (conversation_id) => {
          const ids: string[] = [];
          for (let n = 0; n < 6; n += 1) {
            ids.push(await api.submit('worker', { message: `turn ${n}`, conversation_id, ...takes(80) }));
          }
          return ids;
        });
        const ids = await Promise.all(turns);
        await eventually(async () => {
          const all = await api.executions();
          return all.some(({ status }) => status === 'completed') && all.some(({ status }) => status === 'running');
        });
        await workers[0]?.signal('SIGKILL');

        for (const [n, conversation] of ids.entries()) {
          const done = await Promise.all(conversation.map((id) => ended(api, id)));
          expect(done.map(({ output }) => output)).toEqual(conversation.map((_, turn) => ({ text: saw(turn) })));
          const messages = await messagesOf(api, String(conversations[n]));
          expect(messages.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(
            conversation.map((_, turn) => `turn ${turn}`),
          );
        }
        await expectNoViolations(persistence);
      },
      START_MS * 2,
    );
  });
});
