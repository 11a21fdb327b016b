import { join } from 'node:path';
import { formatIssue } from './format-issue';
import { hashApiKey } from './api-key';
import { loadGatewayConfig } from './load-gateway-config';
import { makeWorkspace } from '../testing';

function load(files: { yaml?: string; envFile?: string }, env: Record<string, string> = {}) {
  const { yaml, envFile } = files;
  const workspace = makeWorkspace({
    ...(yaml !== undefined && { 'gateway.yaml': yaml }),
    ...(envFile !== undefined && { '.env': envFile }),
  });
  return { workspace, ...loadGatewayConfig({ workspace, env }) };
}

describe('where a value comes from', () => {
  it('an empty workspace gets the defaults, and no warning', () => {
    const { config, warnings, secrets } = load({});
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8000, syncWaitS: 120, maxBodyKb: 256 });
    expect(config.queue).toMatchObject({ backend: 'none', workers: 4, visibilityTimeoutS: 30, sweepIntervalS: 0.5 });
    expect(config.auth).toEqual({ mode: 'none', apiKeys: [] });
    expect({ warnings, secrets }).toEqual({ warnings: [], secrets: [] });
  });

  it('the environment wins over .env, .env over the file, the file over the defaults', () => {
    const yaml = 'queue: { workers: 1, max_retries: 1, max_depth: 1 }';
    const envFile = 'LONGHAUL_QUEUE__WORKERS=2\nLONGHAUL_QUEUE__MAX_RETRIES=2';
    const { config, sources } = load({ yaml, envFile }, { LONGHAUL_QUEUE__WORKERS: '3' });
    expect(config.queue).toMatchObject({ workers: 3, maxRetries: 2, maxDepth: 1, drainTimeoutS: 30 });
    const keys = ['workers', 'max_retries', 'max_depth', 'drain_timeout_s'];
    expect(keys.map((key) => sources.get(`queue.${key}`))).toEqual(['env', 'env', 'yaml', 'default']);
  });

  it('an empty variable and an empty section count as not set', () => {
    const { config } = load({ yaml: 'queue:\nserver: { port: 1 }' }, { LONGHAUL_SERVER__PORT: '' });
    expect([config.queue.workers, config.server.port]).toEqual([4, 1]);
  });

  it('text from the environment becomes what the key wants', () => {
    const { config } = load(
      {},
      {
        LONGHAUL_QUEUE__ALLOW_EVICTING_REDIS: 'yes',
        LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '1.5',
        LONGHAUL_WORKER__HEARTBEAT_S: '.5',
        LONGHAUL_QUEUE__ROUTES: '{"research-*":"research"}',
        LONGHAUL_EXTENSIONS: './a, ./b',
        LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["10.0.0.0/8"]',
        LONGHAUL_PROVIDERS__OPENAI__API_KEY: '0123456789',
      },
    );
    expect(config.queue).toMatchObject({ allowEvictingRedis: true, visibilityTimeoutS: 1.5 });
    expect(config.queue.routes).toEqual({ 'research-*': 'research' });
    expect(config.extensions).toEqual(['./a', './b']);
    expect(config.http.allowPrivateCidrs).toEqual(['10.0.0.0/8']);
    expect(config.providers).toMatchObject({ openai: { apiKey: '0123456789' } });
  });

  it('an error says that a variable stands in .env', () => {
    expect(() => load({ envFile: 'LONGHAUL_SERVER__PORT=x' })).toThrow('(LONGHAUL_SERVER__PORT in .env)');
  });

  it('a variable with one underscore too few is pointed out', () => {
    expect(load({}, { LONGHAUL_QUEUE_BACKEND: 'redis', LONGHAUL_HOME: '/x' }).warnings).toEqual([
      { path: 'LONGHAUL_QUEUE_BACKEND', message: 'sets nothing', hint: 'did you mean "LONGHAUL_QUEUE__BACKEND"?' },
    ]);
  });
});

describe('where result events go', () => {
  it.each([
    ['queue: { backend: redis, redis_url: "redis://r:1/2" }', 'redis', 'redis://r:1/2'],
    ['queue: { backend: rabbitmq, rabbitmq_url: "amqp://m" }', 'rabbitmq', 'amqp://m'],
    ['queue: { backend: rabbitmq }\nresult_events: { transport: redis, url: "rediss://r" }', 'redis', 'rediss://r'],
    ['queue: { backend: redis }\nresult_events: { url: "redis://other" }', 'redis', 'redis://other'],
    ['result_events: { transport: kafka, url: "kafka://k:9092" }', 'kafka', 'kafka://k:9092'],
  ])('with %s it is %s', (yaml, transport, url) => {
    expect(load({ yaml }).config.resultEvents).toMatchObject({ transport, url });
  });

  it('is nowhere with a queue in the process, and no transport', () => {
    expect(load({}).config.resultEvents).toEqual({ exchange: 'longhaul.events' });
  });
});

describe('references in strings', () => {
  it('are replaced from the environment and from .env, in the type of the key', () => {
    const yaml = 'server: { port: "${PORT}" }\nqueue: { redis_url: "redis://${HOST}:6379/${DB:-3}" }';
    const { config } = load({ yaml, envFile: 'HOST=r1' }, { PORT: '8080' });
    expect([config.server.port, config.queue.redisUrl]).toEqual([8080, 'redis://r1:6379/3']);
  });

  it('fall back to their default for an empty variable, and leave what is escaped', () => {
    const yaml = 'model: { default: "${M:-demo/x}" }\nnotifications: { templates: { sum: "$${name} costs $5" } }';
    const { config } = load({ yaml }, { M: '' });
    expect([config.model.default, config.notifications.templates['sum']]).toEqual(['demo/x', '${name} costs $5']);
  });

  it('are not looked for in what they brought', () => {
    expect(load({ yaml: 'model: { default: "${A}" }' }, { A: '${B}' }).config.model.default).toBe('${B}');
  });
});

describe('what the object is like', () => {
  it('renames keys but not the names that users chose', () => {
    const yaml = 'profiles: { my_long_one: { soft_timeout_s: 5 } }\nnotifications: { telegram: { bot_token: t } }';
    const { config } = load({ yaml });
    expect(config.profiles).toEqual({ my_long_one: { softTimeoutS: 5 } });
    expect(config.notifications.telegram).toEqual({ botToken: 't' });
  });

  it('is frozen all the way down', () => {
    const { config } = load({ yaml: 'queue: { routes: { a: b } }' });
    expect([config, config.queue, config.queue.routes, config.extensions, config.auth].every(Object.isFrozen)).toBe(
      true,
    );
  });

  it('the SQLite file lies in the workspace, unless its path is absolute', () => {
    const { config, workspace } = load({});
    expect(config.persistence.url).toBe(join(workspace, 'data/longhaul.db'));
    expect(load({ yaml: 'persistence: { url: /var/lib/x.db }' }).config.persistence.url).toBe('/var/lib/x.db');
  });
});

describe('API keys', () => {
  const KEY = 'a-key-that-is-long-enough';

  it('are kept as hashes only; keys without a mode are asked for', () => {
    const loaded = load(
      { yaml: 'server: { host: 0.0.0.0 }\nauth: { api_keys: [{ name: ci, key: "${CI}" }] }' },
      { CI: KEY },
    );
    const scopes = ['agents:run', 'executions:read', 'executions:cancel'];
    expect(loaded.config.auth).toEqual({
      mode: 'api_key',
      apiKeys: [{ name: 'ci', keyHash: hashApiKey(KEY), owner: 'ci', scopes }],
    });
    expect(JSON.stringify(loaded)).not.toContain(KEY);
  });

  it('may be given as a hash, as JSON in the environment', () => {
    const key = { name: 'ops', key_hash: `sha256:${hashApiKey(KEY).toUpperCase()}`, owner: 'team', scopes: ['admin'] };
    const { config } = load({}, { LONGHAUL_AUTH__API_KEYS: JSON.stringify([key]) });
    expect(config.auth.apiKeys).toEqual([{ name: 'ops', keyHash: hashApiKey(KEY), owner: 'team', scopes: ['admin'] }]);
  });

  it('that are not asked for, or missing, are pointed out', () => {
    const off = load({ yaml: `auth: { mode: none, api_keys: [{ name: ci, key: ${KEY} }] }` });
    expect(off.warnings.map(formatIssue)).toEqual([
      'auth.mode: is none: the keys are not asked for (gateway.yaml:1); set auth.mode: api_key',
    ]);
    const none = load({ yaml: 'auth: { mode: api_key }' });
    expect(none.warnings.map(({ message }) => message)).toEqual([
      'is empty: every request will be refused (gateway.yaml:1)',
    ]);
  });
});

describe('secrets', () => {
  it('are what stands under secret names and passwords in URLs, whatever they came from', () => {
    const yaml = [
      'providers: { a: { api_key: "${A_KEY}", base_url: "http://localhost:1" }, b: { type: openai, headers: { x-org: org-secret } } }',
      'queue: { redis_url: "redis://:p%40ssw0rd@h:1" }',
      'notifications: { slack: { token: xoxb-123456, channel: "#general" } }',
    ].join('\n');
    const { secrets } = load(
      { yaml },
      {
        A_KEY: 'sk-abcdef',
        LONGHAUL_NOTIFICATIONS__EMAIL: '{"host":"h","user":"u","password":"from-env","from":"a@b.c"}',
      },
    );
    expect([...secrets].sort()).toEqual([
      'from-env',
      'org-secret',
      'p%40ssw0rd',
      'p@ssw0rd',
      'sk-abcdef',
      'xoxb-123456',
    ]);
  });
});

describe('what is accepted but does nothing', () => {
  it('a workspace of agents-gateway loads, with a warning for each setting that means nothing here', () => {
    const yaml = `
server: { port: 8000, workers: 2 }
model: { default: gemini/gemini-2.0-flash, temperature: 0.1 }
memory: { enabled: true, compaction: { compact_ratio: 0.5 } }
cors: { enabled: true }
dashboard: { auth: { password: "\${NOT_SET}" } }
persistence: { url: "sqlite+aiosqlite:///agent_gateway.db" }
auth: { mode: oauth2, oauth2: { issuer: x }, api_keys: [{ name: dev, key: a-key-that-is-long-enough, scopes: ["*"] }] }`;
    const { config, warnings, workspace } = load({ yaml });
    expect(config.persistence.url).toBe(join(workspace, 'agent_gateway.db'));
    expect(config.auth).toMatchObject({ mode: 'api_key', apiKeys: [{ scopes: ['admin'] }] });
    expect(warnings.map(({ path }) => path).sort()).toEqual([
      'auth.api_keys[0].scopes',
      'auth.mode',
      'auth.oauth2',
      'cors',
      'dashboard',
      'memory',
      'model.temperature',
      'server.workers',
    ]);
    expect(warnings.map(formatIssue)).toContain(
      'server.workers: is a setting of agents-gateway and has no effect here (gateway.yaml:2); set queue.workers',
    );
  });

  it.each([
    ['"*"', ['admin'], '"*" is read as admin'],
    ['"agents:invoke", "executions:read"', ['agents:run', 'executions:read'], '"agents:invoke" is read as agents:run'],
    [
      'read, "schedules:manage"',
      ['executions:read'],
      '"read" is read as executions:read, "schedules:manage" is ignored',
    ],
  ])('the scopes [%s] of agents-gateway are read as ours, which is said', (given, scopes, message) => {
    const { config, warnings } = load({
      yaml: `auth: { api_keys: [{ name: a, key: a-key-that-is-long-enough, scopes: [${given}] }] }`,
    });
    expect(config.auth.apiKeys).toMatchObject([{ scopes }]);
    expect(warnings).toMatchObject([{ path: 'auth.api_keys[0].scopes', message: `${message} (gateway.yaml:1)` }]);
  });

  it('what is built, such as worker.health_port and retention, warns of nothing', () => {
    const yaml =
      'worker: { health_port: 9000, max_executions: 100 }\nretention: { idempotency_hours: 48, executions_days: 7, events_days: 2 }\nqueue: { backend: memory }';
    expect(load({ yaml }).warnings).toEqual([]);
  });
});
