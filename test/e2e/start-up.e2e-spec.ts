import { createServer } from 'node:net';
import { makeWorkspace } from '@longhaul/config/testing';
import { freePort } from '../support/free-port';
import { GatewayProcess, longhaul } from '../support/gateway-process';
import { describeWithOwnRedis, describeWithRedis, uniqueName } from '../support/servers';

interface Refusal {
  what: string;
  yaml?: string;
  env?: Record<string, string>;
  flags?: string[];
  /** Each must stand in the error: what was wrong, where, and the mend. */
  says: string[];
}

const REFUSALS: Refusal[] = [
  {
    what: 'an unknown key in gateway.yaml',
    yaml: '# mine\nqueue:\n  backnd: redis\n',
    says: ['queue.backnd: unknown key "backnd"', 'did you mean "backend"?', 'gateway.yaml:3'],
  },
  {
    what: 'a backend that there is not',
    env: { LONGHAUL_QUEUE__BACKEND: 'kafka' },
    says: ['queue.backend', 'none, memory, redis, rabbitmq, custom', 'got "kafka"', 'LONGHAUL_QUEUE__BACKEND'],
  },
  {
    what: 'a reference to a variable that is not set',
    yaml: 'queue: { redis_url: "${MISSING}" }',
    says: ['queue.redis_url: the variable MISSING is not set', 'gateway.yaml:1', '${MISSING:-default}'],
  },
  {
    what: 'a Redis URL with the wrong scheme',
    env: { LONGHAUL_QUEUE__BACKEND: 'redis', LONGHAUL_QUEUE__REDIS_URL: 'http://127.0.0.1:6379' },
    says: ['queue.redis_url: must be a URL that starts with redis:// or rediss://', 'LONGHAUL_QUEUE__REDIS_URL'],
  },
  {
    what: 'a port that there is not',
    flags: ['--port', '99999'],
    says: ['server.port: must be a number from 0 to 65535, got 99999'],
  },
  {
    what: 'an address that others can reach, without a key',
    flags: ['--host', '0.0.0.0'],
    says: ['server.host: 0.0.0.0 can be reached from other machines while auth.mode is none', 'auth.mode: api_key'],
  },
  ...['1', 'null', '{"at":{"worker.claimed":{}}}', '{"off":["no-such"]}'].map((plan) => ({
    what: `faults by accident: ${plan}`,
    env: { LONGHAUL_TEST_FAULTS: plan },
    says: ['LONGHAUL_TEST_FAULTS: is for tests alone', 'unset it'],
  })),
  ...['none', 'memory'].map((backend) => ({
    what: `a worker alone with the ${backend} queue`,
    env: { LONGHAUL_QUEUE__BACKEND: backend },
    flags: ['--worker-only'],
    says: [`queue.backend ${backend} lives inside one process`, 'would never get a job', 'redis or rabbitmq'],
  })),
  {
    what: 'an API alone with the memory queue',
    env: { LONGHAUL_QUEUE__BACKEND: 'memory' },
    flags: ['--api-only'],
    says: ['queue.backend memory lives inside one process', 'no worker ever sees', 'redis or rabbitmq'],
  },
  {
    what: 'to be the API alone and a worker alone at once',
    flags: ['--api-only', '--worker-only'],
    says: ['--api-only and --worker-only exclude each other', 'leave out both'],
  },
  ...['research', 'research=0', 'research=1,research=2'].map((queues) => ({
    what: `--queues "${queues}"`,
    flags: [`--queues=${queues}`],
    says: ['--queues: "', 'is not name=slots, such as research=2,scraper=5'],
  })),
  {
    what: 'a workspace that does not exist',
    flags: ['--workspace', '/nowhere/at/all'],
    says: ['workspace: there is no directory /nowhere/at/all', '--workspace'],
  },
  {
    what: 'a flag that there is not',
    flags: ['--prot', '8001'],
    says: ["unknown option '--prot'", 'Did you mean --port?'],
  },
];

describe('longhaul serve', () => {
  it.concurrent.each(REFUSALS)('refuses $what', async ({ yaml = '', env, flags = [], says }) => {
    const workspace = makeWorkspace({ 'gateway.yaml': yaml });
    const { status, stdout, stderr } = await longhaul(['serve', '--workspace', workspace, ...flags], env);
    for (const text of says) expect(stderr).toContain(text);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it.concurrent('names the port that another process uses, and the mend', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const { status, stderr } = await longhaul(['serve', '--workspace', makeWorkspace(), '--port', String(port)]);
    other.close();
    expect(stderr).toContain(`longhaul: cannot listen on 127.0.0.1:${port}: another process uses this port`);
    expect(stderr).toContain('--port or server.port');
    expect(status).toBe(1);
  });
});

const SECRET = 'hush-p%40ss-hush';

/** Nobody listens on the port. The password is one that is written otherwise in a URL than it is. */
const UNREACHABLE = [
  {
    name: 'Redis',
    roles: [[]],
    env: (port: number) => ({
      LONGHAUL_QUEUE__BACKEND: 'redis',
      LONGHAUL_QUEUE__REDIS_URL: `redis://user:${SECRET}@127.0.0.1:${port}/0`,
    }),
  },
  {
    name: 'RabbitMQ',
    roles: [[]],
    env: (port: number) => ({
      LONGHAUL_QUEUE__BACKEND: 'rabbitmq',
      LONGHAUL_QUEUE__RABBITMQ_URL: `amqp://user:${SECRET}@127.0.0.1:${port}/`,
    }),
  },
  {
    name: 'PostgreSQL',
    roles: [[], ['--worker-only']],
    env: (port: number) => ({
      LONGHAUL_QUEUE__BACKEND: 'redis',
      LONGHAUL_PERSISTENCE__BACKEND: 'postgres',
      LONGHAUL_PERSISTENCE__URL: `postgres://user:${SECRET}@127.0.0.1:${port}/longhaul`,
    }),
  },
].flatMap(({ name, roles, env }) => roles.map((flags) => ({ name, role: flags.join(' ') || 'both', flags, env })));

describe('longhaul serve, while what it needs is away', () => {
  it.concurrent.each(UNREACHABLE)(
    'looks for $name with growing pauses, gives up in time and never says the password ($role)',
    async ({ name, flags, env }) => {
      const port = await freePort();
      const { status, stdout, stderr } = await longhaul(['serve', '--workspace', makeWorkspace(), ...flags], {
        ...env(port),
        LONGHAUL_SERVER__STARTUP_TIMEOUT_S: '7',
      });
      const lines = `${stdout}${stderr}`.split('\n');
      const retries = lines.filter((line) => line.includes('is not reachable') && line.includes('trying again in'));
      expect(retries.map((line) => /trying again in ([\d.]+) s/.exec(line)?.[1]).slice(0, 2)).toEqual(['0.25', '0.5']);
      for (const line of retries) expect(line).toContain(`${name} at 127.0.0.1:${port}`);
      const last = lines.find((line) => line.startsWith('longhaul: '));
      expect(last).toContain('did not answer within 7 s (server.startup_timeout_s)');
      expect(last).toContain(`${name} at 127.0.0.1:${port}`);
      for (const secret of [SECRET, decodeURIComponent(SECRET)]) expect(stdout + stderr).not.toContain(secret);
      expect(status).toBe(1);
    },
  );
});

describeWithOwnRedis(
  'longhaul serve with a Redis that may throw jobs away',
  (redis) => {
    const onRedis = () => ({ LONGHAUL_QUEUE__BACKEND: 'redis', LONGHAUL_QUEUE__REDIS_URL: redis().url });

    it.each([[[]], [['--worker-only']]])('refuses it, and names both mends (%j)', async (flags) => {
      const workspace = makeWorkspace();
      const { status, stderr } = await longhaul(['serve', '--workspace', workspace, '--port=0', ...flags], onRedis());
      expect(stderr).toContain('maxmemory-policy is allkeys-lru');
      expect(stderr).toContain('noeviction');
      expect(stderr).toContain('queue.allow_evicting_redis: true');
      expect(status).toBe(2);
    });

    it('serves when the operator accepts that', async () => {
      const port = await freePort();
      const env = { ...onRedis(), LONGHAUL_QUEUE__ALLOW_EVICTING_REDIS: 'true', LONGHAUL_SERVER__PORT: String(port) };
      const gateway = new GatewayProcess(['--workspace', makeWorkspace()], env, `http://127.0.0.1:${port}`);
      await gateway.ready();
      expect(await gateway.signal('SIGTERM')).toBe(0);
    });
  },
  ['--maxmemory-policy', 'allkeys-lru'],
);

describeWithRedis('longhaul serve --worker-only', (redis) => {
  const onRedis = (healthPort: number) => ({
    LONGHAUL_QUEUE__BACKEND: 'redis',
    LONGHAUL_QUEUE__REDIS_URL: redis(),
    LONGHAUL_QUEUE__STREAM_KEY: uniqueName('start-up'),
    LONGHAUL_WORKER__HEALTH_PORT: String(healthPort),
  });

  it('answers health on its own port, which a second worker names as in use', async () => {
    const port = await freePort();
    const flags = ['--workspace', makeWorkspace(), '--worker-only'];
    const worker = new GatewayProcess(flags, onRedis(port), `http://127.0.0.1:${port}`);
    await worker.ready();
    const second = await longhaul(['serve', ...flags], onRedis(port));
    expect(second.stderr).toContain(`longhaul: worker.health_port ${port} cannot be listened on`);
    expect(second.status).toBe(1);
    expect(await worker.signal('SIGTERM')).toBe(0);
  });
});
