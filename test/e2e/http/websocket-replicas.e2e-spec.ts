import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@longhaul/kernel';
import { describeWithRedis, uniqueName } from '../../support/servers';
import { StreamClient } from '../../support/stream-client';
import { TestGateway } from './test-gateway';

describeWithRedis('WebSockets at two replicas over Redis', (redis) => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-replicas-'));
  let one: TestGateway;
  let other: TestGateway;
  const open: StreamClient[] = [];

  beforeAll(async () => {
    const env = {
      LONGHAUL_QUEUE__BACKEND: 'redis',
      LONGHAUL_QUEUE__REDIS_URL: redis(),
      LONGHAUL_QUEUE__STREAM_KEY: uniqueName('ws'),
      LONGHAUL_PERSISTENCE__URL: join(folder, 'longhaul.db'),
    };
    const files = {
      'gateway.yaml': 'auth: { mode: api_key, api_keys: [{ name: ada, key: the-key-of-ada-000, owner: ada }] }',
    };
    one = await TestGateway.start({ env, files });
    other = await TestGateway.start({ env, files, worker: false });
  });
  afterAll(async () => {
    for (const client of open) client.close();
    await Promise.all([one.stop(), other.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const ada = { authorization: 'Bearer the-key-of-ada-000' };
  async function connect(url: string, ticket: unknown): Promise<StreamClient> {
    const client = await StreamClient.open(url, `/v1/stream?ticket=${String(ticket)}`);
    open.push(client);
    return client;
  }

  it('a ticket of one opens the other, once in all', async () => {
    const [here, there] = [await one.listen(), await other.listen()];
    const { ticket } = (await one.post('/v1/stream-tickets', {}, ada)).body;
    const client = await connect(there, ticket);
    await expect(connect(here, ticket)).rejects.toThrow('used before');

    const conversation_id = newId('conv');
    const first = await one.submit(
      'slow',
      { context: { demo: { sleep_ms: 0 } }, message: 'one', conversation_id },
      ada,
    );
    client.send({ type: 'subscribe', conversation_id });
    await client.end(first);
    const second = await one.submit(
      'slow',
      { context: { demo: { sleep_ms: 0 } }, message: 'two', conversation_id },
      ada,
    );
    await client.end(second);
    const { body } = await other.get(`/v1/executions/${second}/events`, { ...ada, accept: 'application/json' });
    expect(client.events(second)).toEqual(body['items']);
  });
});
