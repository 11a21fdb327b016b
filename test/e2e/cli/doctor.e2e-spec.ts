import { makeWorkspace } from '@longhaul/config/testing';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GatewayFleet } from '../../support/gateway-fleet';
import { longhaul } from '../../support/gateway-process';
import {
  describeWithOwnRedis,
  describeWithPostgres,
  describeWithRabbitMq,
  freshDatabase,
  SERVER_START_MS,
} from '../../support/servers';

interface Report {
  ok: boolean;
  findings: { subject: string; level: string; message: string; mend?: string }[];
  survivals: { when: string; outcome: string }[];
}

const AGENT = '---\nexecution_mode: async\n---\nYou work.\n';

async function examined(env: Record<string, string>, files: Record<string, string> = { 'agents/a/AGENT.md': AGENT }) {
  const workspace = makeWorkspace(files);
  const { stdout, stderr, status } = await longhaul(['doctor', '-w', workspace, '--json'], {
    LONGHAUL_SERVER__PORT: '0',
    ...env,
  });
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as Report;
  const level = (subject: string) => report.findings.find((finding) => finding.subject === subject)?.level;
  const message = (subject: string) => report.findings.find((finding) => finding.subject === subject)?.message;
  return { ...report, status, level, message, text: stdout };
}

describe('longhaul doctor', () => {
  it('finds a laptop in order, makes nothing, and says what would not survive what', async () => {
    const { ok, status, findings, survivals, message } = await examined({ LONGHAUL_QUEUE__BACKEND: 'memory' });
    expect({ ok, status }).toEqual({ ok: true, status: 0 });
    expect(findings.map(({ subject }) => subject)).toEqual([
      'node',
      'configuration',
      'workspace',
      'database',
      'queue',
      'server.port',
    ]);
    expect(message('database')).toContain('not there yet');
    expect(survivals.map(({ when }) => when)).toContain('the database is lost');
  });

  it('names what does not answer, ends with 1, and repeats no password', async () => {
    const { status, level, text } = await examined({
      LONGHAUL_QUEUE__BACKEND: 'redis',
      LONGHAUL_QUEUE__REDIS_URL: 'redis://user:open-sesame@127.0.0.1:1/0',
      LONGHAUL_PERSISTENCE__BACKEND: 'postgres',
      LONGHAUL_PERSISTENCE__URL: 'postgres://user:open-sesame@127.0.0.1:1/none',
    });
    expect([status, level('database'), level('queue')]).toEqual([1, 'problem', 'problem']);
    expect(text).not.toContain('open-sesame');
  });

  it('says what is wrong with the configuration, and with an agent, where it stands', async () => {
    const broken = await examined({}, { 'gateway.yaml': 'quue: { backend: memory }\n' });
    expect([broken.status, broken.level('configuration')]).toEqual([1, 'problem']);
    expect(broken.message('configuration')).toContain('queue');
    const agent = await examined({}, { 'agents/a/AGENT.md': '---\nexecution_mode: asynch\n---\nx\n' });
    expect(agent.status).toBe(1);
    expect(agent.findings.filter(({ level }) => level === 'problem')).toEqual([
      expect.objectContaining({ subject: 'workspace', message: expect.stringContaining('agents/a/AGENT.md:2') }),
    ]);
  });

  it("says that somebody else listens on the gateway's port", async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { level } = await examined({ LONGHAUL_SERVER__PORT: String(port) });
    const health = await examined({ LONGHAUL_WORKER__HEALTH_PORT: String(port) });
    server.close();
    expect(level('server.port')).toBe('problem');
    expect([health.level('server.port'), health.level('worker.health_port')]).toEqual(['ok', 'problem']);
  });
});

describeWithPostgres('longhaul doctor', (postgres) => {
  describeWithOwnRedis('on Redis and PostgreSQL', (redis) => {
    it(
      'tells a new database from one that is served, and that a Redis without its file loses rings',
      async () => {
        const { url, drop } = await freshDatabase(postgres());
        const env = {
          LONGHAUL_PERSISTENCE__BACKEND: 'postgres',
          LONGHAUL_PERSISTENCE__URL: url,
          LONGHAUL_QUEUE__BACKEND: 'redis',
          LONGHAUL_QUEUE__REDIS_URL: redis().url,
        };
        const before = await examined(env);
        expect(before).toMatchObject({ ok: true, status: 0 });
        expect(before.message('database.migrations')).toMatch(/^\d+ of \d+ are to be done/);
        expect([before.level('redis.persistence'), before.level('redis.eviction')]).toEqual(['warning', 'ok']);

        const fleet = new GatewayFleet({
          queue: { backend: 'redis', url: redis().url },
          persistence: { backend: 'postgres', url, poolSize: 5 },
        });
        try {
          await fleet.startApi();
          const port = new URL(fleet.url).port;
          const served = await examined({ ...env, LONGHAUL_SERVER__PORT: port });
          expect(served.message('database.migrations')).toMatch(/^all \d+ are done/);
          expect(served.message('server.port')).toContain('a gateway serves');
        } finally {
          await fleet.stop();
          await drop();
        }
      },
      SERVER_START_MS,
    );
  });

  describeWithRabbitMq('on RabbitMQ', (rabbitmq) => {
    it('tells its version and makes no queue of a lane', async () => {
      const { ok, level, message } = await examined({
        LONGHAUL_QUEUE__BACKEND: 'rabbitmq',
        LONGHAUL_QUEUE__RABBITMQ_URL: rabbitmq(),
        LONGHAUL_QUEUE__QUEUE_NAME: 'doctor',
      });
      expect([ok, level('rabbitmq'), level('rabbitmq.set-aside')]).toEqual([true, 'ok', 'ok']);
      expect(message('rabbitmq.queues')).toMatch(/^0 rings wait; 0 of 3 lanes have a queue/);
    });
  });
});
