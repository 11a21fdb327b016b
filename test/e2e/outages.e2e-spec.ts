import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { agentFile } from '../support/gateway-fleet';
import { GatewayProcess } from '../support/gateway-process';
import {
  describeWithPostgres,
  describeWithRabbitMq,
  describeWithRedis,
  freshDatabase,
  uniqueName,
} from '../support/servers';
import { TcpProxy } from '../support/tcp-proxy';

interface Readiness {
  status: number;
  details: Record<string, { status: string; problems?: string[] }>;
  errors?: { path: string; message: string }[];
}

const AGENTS = { 'agents/worker/AGENT.md': agentFile('description: works') };
const QUICK = { context: { demo: { sleep_ms: 0 } } };

describe('a gateway whose surroundings fail', () => {
  const cleanUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const action of cleanUp.splice(0).toReversed()) await action();
  });

  /** API and worker in one process, ready. */
  async function serve(env: Record<string, string>, files: Record<string, string> = {}) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const gateway = new GatewayProcess(
      ['--workspace', makeWorkspace({ ...AGENTS, ...files }), '--port', String(port)],
      { LONGHAUL_QUEUE__STREAM_KEY: uniqueName('outage'), LONGHAUL_QUEUE__QUEUE_NAME: uniqueName('outage'), ...env },
      url,
    );
    cleanUp.push(() => gateway.signal('SIGKILL'));
    await gateway.ready();
    return { gateway, url, api: new ApiClient(url) };
  }

  async function proxied(url: string): Promise<{ proxy: TcpProxy; address: string }> {
    const proxy = await TcpProxy.before(url);
    cleanUp.push(() => proxy.close());
    return { proxy, address: proxy.url(url) };
  }

  async function readiness(url: string): Promise<Readiness> {
    const response = await fetch(`${url}/health/ready`);
    return { ...((await response.json()) as Omit<Readiness, 'status'>), status: response.status };
  }

  function untilNamedAsDown(url: string, dependency: string): Promise<Readiness> {
    return eventually(async () => {
      const answer = await readiness(url);
      return answer.status === 503 && answer.details[dependency]?.status === 'down' && answer;
    });
  }

  it('serves the other agents when an AGENT.md does not parse, and says that it is degraded', async () => {
    const files = { 'agents/broken/AGENT.md': '---\nqueue: [\n---\n' };
    const { url, api } = await serve({ LONGHAUL_QUEUE__BACKEND: 'memory' }, files);
    const { status, details } = await readiness(url);
    expect(status).toBe(200);
    expect(details['agents']).toMatchObject({ status: 'degraded', loaded: 1 });
    expect(details['agents']?.problems?.join()).toContain('agents/broken/AGENT.md');
    expect(await api.execution(await api.submit('worker', QUICK), 20)).toMatchObject({ status: 'completed' });
    expect((await api.post('/v1/agents/broken/chat', { message: 'x' })).status).toBe(404);
  });

  /** The broker is the doorbell: without it the gateway is not ready, but accepts, and loses nothing. */
  async function survivesBroker(brokerUrl: string, backend: string, variable: string, name: string): Promise<void> {
    const { proxy, address } = await proxied(brokerUrl);
    const { gateway, url, api } = await serve({ LONGHAUL_QUEUE__BACKEND: backend, [variable]: address });
    proxy.set({ kind: 'reset' });
    const { errors } = await untilNamedAsDown(url, 'queue');
    expect(errors).toEqual([{ path: 'queue', message: expect.stringContaining(`${name} at 127.0.0.1:${proxy.port}`) }]);
    const id = await api.submit('worker', QUICK);
    proxy.set({ kind: 'pass' });
    await gateway.ready();
    expect(await api.execution(id, 25)).toMatchObject({ status: 'completed', attempt: 1 });
    // And the doorbell itself works again.
    expect(await api.execution(await api.submit('worker', QUICK), 25)).toMatchObject({ status: 'completed' });
  }

  describeWithRedis('by losing Redis', (redis) => {
    it('accepts what comes meanwhile, is not ready, and is well again when Redis is back', () =>
      survivesBroker(redis(), 'redis', 'LONGHAUL_QUEUE__REDIS_URL', 'Redis'));
  });

  describeWithRabbitMq('by losing RabbitMQ', (rabbitMq) => {
    it('accepts what comes meanwhile, is not ready, and is well again when RabbitMQ is back', () =>
      survivesBroker(rabbitMq(), 'rabbitmq', 'LONGHAUL_QUEUE__RABBITMQ_URL', 'RabbitMQ'));
  });

  describeWithPostgres('by losing PostgreSQL', (postgres) => {
    it('refuses with 503 what it could not keep, is not ready, and is well again when PostgreSQL is back', async () => {
      const database = await freshDatabase(postgres());
      cleanUp.push(database.drop);
      const { proxy, address } = await proxied(database.url);
      const { gateway, url, api } = await serve({
        LONGHAUL_QUEUE__BACKEND: 'memory',
        LONGHAUL_PERSISTENCE__BACKEND: 'postgres',
        LONGHAUL_PERSISTENCE__URL: address.replace('longhaul@', 'longhaul:hush-p%40ss-hush@'),
      });
      proxy.set({ kind: 'reset' });
      await untilNamedAsDown(url, 'database');
      const refused = await api.post('/v1/agents/worker/chat', { message: 'x', ...QUICK });
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(await refused.json()).toMatchObject({ status: 503, code: 'unavailable' });
      proxy.set({ kind: 'pass' });
      await gateway.ready();
      expect(await api.execution(await api.submit('worker', QUICK), 20)).toMatchObject({ status: 'completed' });
      expect(await api.executions()).toHaveLength(1);
      expect(gateway.log).toContain('PostgreSQL');
      expect(gateway.log).not.toMatch(/hush-p(%40|@)ss-hush/);
    });
  });
});
