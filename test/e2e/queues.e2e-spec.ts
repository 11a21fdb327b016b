import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import type { PersistenceOptions } from '@longhaul/database';
import { ApiClient, type ExecutionView, type RunView } from '../support/api-client';
import { eventually } from '../support/eventually';
import { agentFile, GatewayFleet } from '../support/gateway-fleet';
import { describeWithOwnRedis, describeWithPostgres, describeWithRabbitMq, freshDatabase } from '../support/servers';

const FILES = {
  'gateway.yaml': 'queue:\n  routes: { "research-*": research, "scraper-*": scraper }\n',
  'agents/research-market/AGENT.md': agentFile('description: goes to research by the route of its name'),
  'agents/scraper-news/AGENT.md': agentFile('description: goes to scraper by the route of its name'),
  'agents/research-pages/AGENT.md': agentFile('queue: scraper # its own word beats the route'),
};
/** No heartbeat comes within these tests: what arrives at another process, arrives by a hint. */
const ENV = { LONGHAUL_WORKER__HEARTBEAT_S: '600', LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '1800' };
const START_MS = 60_000;

const takes = (ms: number) => ({ context: { demo: { sleep_ms: ms, chunks: 1 } } });

interface Setting {
  backend: 'redis' | 'rabbitmq';
  brokerUrl(): string;
  database(): Promise<PersistenceOptions>;
  /** Takes everything out of the broker once this many rings wait there. */
  wipe(fleet: GatewayFleet, queue: string, count: number): Promise<void>;
}

/** One API process and workers of their own, on named queues. */
function describeQueues({ backend, brokerUrl, database, wipe }: Setting): void {
  let fleet: GatewayFleet;
  let api: ApiClient;

  beforeAll(async () => {
    const queue = { backend, url: brokerUrl() };
    fleet = new GatewayFleet({ queue, persistence: await database(), env: ENV, files: FILES });
    await fleet.startApi();
    api = new ApiClient(fleet.url);
  }, START_MS);
  afterAll(() => fleet?.stop());

  const submitMany = (count: number, agent: string, body: Record<string, unknown>) =>
    Promise.all(Array.from({ length: count }, () => api.submit(agent, body)));
  const ended = (ids: string[]) =>
    Promise.all(ids.map((id) => eventually(() => endedOrFalse(api, id), { timeoutMs: 30_000 })));
  const runsOf = async (ids: string[]) => Promise.all(ids.map((id) => api.runs(id)));
  const isRunning = async (id: string) => (await api.execution(id)).status === 'running';

  it(
    'keeps what comes while no worker is up, and a worker that comes runs it, high before default before low',
    async () => {
      const ids: string[] = [];
      for (const priority of ['low', 'default', 'high']) {
        ids.push(...(await submitMany(10, 'research-market', { priority, metadata: { priority }, ...takes(0) })));
      }
      expect((await api.executions()).map(({ status }) => status)).toEqual(ids.map(() => 'queued'));
      const worker = await fleet.startWorker(['--queues', 'research=1']);
      const executions = (await ended(ids)).sort(byStart);
      expect(await worker.signal('SIGTERM')).toBe(0);
      expect(executions.map(({ status }) => status)).toEqual(ids.map(() => 'completed'));
      const order = executions.map(({ metadata }) => String(metadata['priority']));
      // Of ten turns, six are for high, three for default and one for low: nobody starves.
      expect(countOf(order.slice(0, 10), 'high')).toBeGreaterThanOrEqual(5);
      expect(countOf(order.slice(0, 10), 'low')).toBeLessThanOrEqual(2);
      expect(order.lastIndexOf('high')).toBeLessThan(order.lastIndexOf('default'));
      expect(order.lastIndexOf('default')).toBeLessThan(order.lastIndexOf('low'));
    },
    START_MS,
  );

  describe('with a worker of research=1,scraper=2 and a worker of scraper=1', () => {
    beforeAll(async () => {
      await Promise.all([
        fleet.startWorker(['--queues', 'research=1,scraper=2']),
        fleet.startWorker(['--queues', 'scraper=1']),
      ]);
    }, START_MS);

    it('runs each execution once, on a worker of its queue, within the slots of that queue', async () => {
      const nobodys = await api.submit('worker', takes(0));
      const research = await submitMany(3, 'research-market', takes(200));
      const scraper = [
        ...(await submitMany(6, 'scraper-news', takes(200))),
        ...(await submitMany(6, 'research-pages', takes(200))),
      ];
      await ended([...research, ...scraper]);
      const [researchRuns, scraperRuns] = [await runsOf(research), await runsOf(scraper)];
      for (const runs of [...researchRuns, ...scraperRuns]) expect(runs).toHaveLength(1);

      const [both, ...others] = new Set(researchRuns.flat().map((run) => run.worker_id));
      expect(others).toEqual([]);
      expect(mostAtOnce(researchRuns.flat())).toBe(1);
      const ofBoth = scraperRuns.flat().filter((run) => run.worker_id === both);
      const ofOther = scraperRuns.flat().filter((run) => run.worker_id !== both);
      expect([mostAtOnce(ofBoth), mostAtOnce(ofOther)]).toEqual([2, 1]);
      expect((await api.execution(nobodys)).status).toBe('queued');
    });

    it('cancels what runs in another process by a hint, long before a heartbeat', async () => {
      const id = await api.submit('research-market', takes(600_000));
      await eventually(() => isRunning(id));
      expect((await api.post(`/v1/executions/${id}/cancel`, {})).status).toBe(202);
      expect(await api.execution(id, 10)).toMatchObject({ status: 'cancelled', attempt: 1 });
    });

    it('wakes a waiting request by a hint from the worker that ended its execution', async () => {
      const round = async () => api.execution(await api.submit('scraper-news', takes(250)), 10);
      await round();
      const startedAt = performance.now();
      for (let n = 0; n < 8; n += 1) expect(await round()).toMatchObject({ status: 'completed' });
      // A waiter without hints looks once a second: from one look to the next each of these would take a whole one.
      expect((performance.now() - startedAt) / 8).toBeLessThan(950);
    });

    it('runs nothing before its delay is over', async () => {
      const later = await api.submit('research-market', { delay_s: 600, ...takes(0) });
      expect(await api.execution(later)).toMatchObject({ status: 'queued', status_detail: 'delayed' });
      await api.post(`/v1/executions/${later}/cancel`, {});
      const id = await api.submit('research-market', { delay_s: 1.5, ...takes(0) });
      const { status, created_at, started_at } = await api.execution(id, 10);
      expect(status).toBe('completed');
      expect(Date.parse(String(started_at)) - Date.parse(created_at)).toBeGreaterThanOrEqual(1_500);
    });

    it('runs all that waits although the broker has lost every ring', async () => {
      const first = await api.submit('research-market', takes(600_000));
      await eventually(() => isRunning(first));
      const waiting = await submitMany(20, 'research-market', takes(0));
      await wipe(fleet, 'research', waiting.length);
      await api.post(`/v1/executions/${first}/cancel`, {});
      const statuses = (await ended(waiting)).map(({ status, attempt }) => `${status} ${attempt}`);
      expect(statuses).toEqual(waiting.map(() => 'completed 1'));
      // The broker is of use again.
      expect(await api.execution(await api.submit('research-market', takes(0)), 10)).toMatchObject({
        status: 'completed',
      });
    });
  });
}

async function endedOrFalse(api: ApiClient, id: string): Promise<ExecutionView | false> {
  const execution = await api.execution(id, 5);
  return execution.completed_at !== undefined && execution;
}

function byStart(a: ExecutionView, b: ExecutionView): number {
  return Date.parse(String(a.started_at)) - Date.parse(String(b.started_at));
}

function countOf(values: string[], value: string): number {
  return values.filter((each) => each === value).length;
}

/** How many of these runs went on at the same time, at most. */
function mostAtOnce(runs: RunView[]): number {
  return Math.max(
    0,
    ...runs.map(({ started_at: at }) => runs.filter((r) => r.started_at <= at && at < String(r.ended_at)).length),
  );
}

describeWithOwnRedis('named queues on Redis', (redis) => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-queues-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describeQueues({
    backend: 'redis',
    brokerUrl: () => redis().url,
    database: () => Promise.resolve({ backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 }),
    wipe: async (_fleet, _queue, rings) => {
      const client = new Redis(redis().url);
      await eventually(async () => (await client.dbsize()) >= rings);
      await client.flushall();
      client.disconnect();
    },
  });
});

describeWithRabbitMq('named queues on RabbitMQ', (rabbitMq) => {
  describeWithPostgres('and PostgreSQL', (postgres) => {
    let drop: (() => Promise<void>) | undefined;
    afterAll(() => drop?.());

    describeQueues({
      backend: 'rabbitmq',
      brokerUrl: rabbitMq,
      database: async () => {
        const fresh = await freshDatabase(postgres());
        drop = fresh.drop;
        return { backend: 'postgres', url: fresh.url, poolSize: 5 };
      },
      wipe: async (fleet, queue, rings) => {
        const connection = await connect(rabbitMq());
        const channel = await connection.createChannel();
        const name = `${fleet.queueName}.v1.${queue}.default`;
        await eventually(async () => (await channel.checkQueue(name)).messageCount >= rings);
        await channel.deleteQueue(name);
        await connection.close();
      },
    });
  });
});
