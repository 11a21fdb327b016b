import { ConfigurationError } from '@longhaul/kernel';
import { makeWorkspace } from '../testing';
import { generateApiKey } from './api-key';
import { loadGatewayConfig } from './load-gateway-config';

interface BadInput {
  what: string;
  yaml?: string | Uint8Array;
  env?: Record<string, string>;
  /** Where the error says it is. */
  path: string;
  /** Part of what it says. */
  message: string;
  /** Part of how it says to mend it. */
  mend: string;
}

const KEY = 'a-key-that-is-long-enough';
const aliasBomb = ['a: &a [x, x, x, x, x, x, x, x]', 'b: &b [*a, *a, *a, *a, *a, *a, *a, *a]', 'c: [*b, *b, *b, *b]'];

// prettier-ignore
const TABLE: BadInput[] = [
  // names
  { what: 'an unknown section', yaml: 'quue: {}', path: 'quue', message: 'did you mean "queue"? (gateway.yaml:1)', mend: 'known here: server, ' },
  { what: 'an unknown key', yaml: 'queue:\n  backnd: redis', path: 'queue.backnd', message: 'unknown key "backnd", did you mean "backend"? (gateway.yaml:2)', mend: 'known here: backend' },
  { what: 'an unknown key in an entry', yaml: 'profiles: { quick: { timeuot_s: 5 } }', path: 'profiles.quick.timeuot_s', message: 'unknown key', mend: 'timeout_s' },
  { what: 'an unknown variable', env: { LONGHAUL_QUEUE__BACKND: 'redis' }, path: 'LONGHAUL_QUEUE__BACKND', message: 'unknown variable', mend: 'did you mean "LONGHAUL_QUEUE__BACKEND"?' },
  { what: 'a variable of an unknown section', env: { LONGHAUL_QUUE__BACKEND: 'redis' }, path: 'LONGHAUL_QUUE__BACKEND', message: 'unknown variable', mend: '"LONGHAUL_QUEUE__"' },
  { what: 'a variable that is like nothing', env: { LONGHAUL_QUEUE__XYZ: '1' }, path: 'LONGHAUL_QUEUE__XYZ', message: 'unknown variable', mend: 'LONGHAUL_QUEUE__ is followed by one of BACKEND' },
  { what: 'a variable below a list', env: { LONGHAUL_EXTENSIONS__0: 'x' }, path: 'LONGHAUL_EXTENSIONS__0', message: 'unknown variable', mend: 'set LONGHAUL_EXTENSIONS as a whole' },
  // values
  { what: 'a backend nobody has', env: { LONGHAUL_QUEUE__BACKEND: 'kafka' }, path: 'queue.backend', message: 'expected one of none, memory, redis, rabbitmq, custom, got "kafka" (LONGHAUL_QUEUE__BACKEND)', mend: 'memory: in this process' },
  { what: 'a mistyped backend', yaml: 'queue: { backend: rediss }', path: 'queue.backend', message: 'got "rediss"', mend: 'did you mean "redis"?' },
  { what: 'port 99999', yaml: 'server: { port: 99999 }', path: 'server.port', message: 'must be a number from 0 to 65535, got 99999 (gateway.yaml:1)', mend: 'Port to listen on' },
  { what: 'a port that is a word', env: { LONGHAUL_SERVER__PORT: 'http' }, path: 'server.port', message: 'expected a number, got "http"', mend: 'Port' },
  { what: 'half a worker', yaml: 'queue: { workers: 1.5 }', path: 'queue.workers', message: 'must be a whole number, got 1.5', mend: 'Slots' },
  { what: 'no workers', yaml: 'queue: { workers: 0 }', path: 'queue.workers', message: 'from 1 to', mend: 'Slots' },
  { what: 'a key without a value', yaml: 'queue:\n  workers:', path: 'queue.workers', message: 'has no value', mend: 'Slots' },
  { what: 'a negative span', yaml: 'server: { sync_wait_s: -1 }', path: 'server.sync_wait_s', message: 'from 0 to 604800, got -1', mend: 'synchronous request' },
  { what: 'a span that is no number', yaml: 'server: { sync_wait_s: .nan }', path: 'server.sync_wait_s', message: 'expected a number', mend: 'synchronous' },
  { what: 'a boolean that is a word', env: { LONGHAUL_QUEUE__ALLOW_EVICTING_REDIS: 'maybe' }, path: 'queue.allow_evicting_redis', message: 'expected a boolean, got "maybe"', mend: 'evict' },
  { what: 'a section that is a list', yaml: 'queue: [memory]', path: 'queue', message: 'expected a mapping, got a list', mend: 'How executions reach the workers' },
  { what: 'a mapping that is no JSON', env: { LONGHAUL_QUEUE__ROUTES: 'a=b' }, path: 'queue.routes', message: 'expected a mapping, got text (LONGHAUL_QUEUE__ROUTES)', mend: 'Agent glob' },
  { what: 'a bad queue name', yaml: 'queue: { routes: { "research-*": "Deep Research" } }', path: 'queue.routes.research-*', message: 'must be a queue name', mend: 'Queue name' },
  { what: 'a network without a length', yaml: 'http: { allow_private_cidrs: [10.0.0.0/8, 10.0.0.1] }', path: 'http.allow_private_cidrs[1]', message: 'must be a network such as 10.0.0.0/8', mend: '' },
  { what: 'an interval that is too short', yaml: 'queue: { sweep_interval_s: 0.01 }', path: 'queue.sweep_interval_s', message: 'from 0.1', mend: 'sweeper' },
  { what: 'a history of less than nothing', yaml: 'conversations: { history_messages: -2 }', path: 'conversations.history_messages', message: 'from 0 to 10000, got -2', mend: '0 = none' },
  { what: 'half a character', yaml: 'conversations: { history_chars: 0.5 }', path: 'conversations.history_chars', message: 'must be a whole number, got 0.5', mend: 'Characters' },
  // URLs
  { what: 'a redis_url with the wrong scheme', yaml: 'queue: { redis_url: "http://u:hunter22@r" }', path: 'queue.redis_url', message: 'must be a URL that starts with redis:// or rediss:// (gateway.yaml:1)', mend: 'redis://' },
  { what: 'a rabbitmq_url that is none', yaml: 'queue: { rabbitmq_url: rabbit }', path: 'queue.rabbitmq_url', message: 'amqp:// or amqps://', mend: 'virtual host' },
  { what: 'postgres without a url', yaml: 'persistence: { backend: postgres }', path: 'persistence.url', message: 'is needed for backend postgres', mend: 'postgres://user:password@host:5432/database' },
  { what: 'postgres with the url of another', yaml: 'persistence: { backend: postgres, url: "mysql://h/d" }', path: 'persistence.url', message: 'starts with postgres://', mend: 'postgres://' },
  { what: 'a postgres url for sqlite', yaml: 'persistence: { url: "postgres://h/d" }', path: 'persistence.url', message: 'persistence.backend is sqlite', mend: 'set persistence.backend: postgres' },
  { what: 'a foreign url for sqlite', yaml: 'persistence: { url: "mysql://h/d" }', path: 'persistence.url', message: 'must be the path of a file', mend: './data/longhaul.db' },
  { what: 'a database in memory', yaml: 'persistence: { url: ":memory:" }', path: 'persistence.url', message: 'must be a file', mend: './data/longhaul.db' },
  // where result events go
  { what: 'result events with a foreign URL', yaml: 'result_events: { transport: redis, url: "amqp://u:hunter22@h" }', path: 'result_events.url', message: 'starts with redis:// or rediss:// for transport redis', mend: 'result_events.transport' },
  { what: 'result events by a transport without a URL', yaml: 'result_events: { transport: rabbitmq }', path: 'result_events.url', message: 'is needed for transport rabbitmq beside queue.backend none', mend: 'amqp://host:port' },
  { what: 'result events to a URL by nothing', yaml: 'result_events: { url: "redis://h" }', path: 'result_events.url', message: 'is set without a transport', mend: 'result_events.transport: redis' },
  { what: 'a transport nobody has', yaml: 'result_events: { transport: rabbit }', path: 'result_events.transport', message: 'expected one of redis, rabbitmq, nats, kafka, got "rabbit"', mend: 'did you mean "rabbitmq"?' },
  { what: 'an exchange with a blank', yaml: 'result_events: { exchange: "my events" }', path: 'result_events.exchange', message: 'must be letters, digits', mend: 'topic exchange' },
  // references
  { what: 'a missing variable', yaml: 'model:\n  default: "${MISSING}"', path: 'model.default', message: 'the variable MISSING is not set (gateway.yaml:2)', mend: '${MISSING:-default}' },
  { what: 'an empty variable', yaml: 'model: { default: "${BLANK}" }', env: { BLANK: '' }, path: 'model.default', message: 'must not be empty', mend: 'provider/model' },
  { what: 'an unclosed reference', yaml: 'model: { default: "${MODEL" }', path: 'model.default', message: 'no reference to a variable', mend: '${NAME}' },
  { what: 'a reference with no name', yaml: 'model: { default: "${1X}" }', path: 'model.default', message: 'no reference to a variable', mend: '$${' },
  // what may come in
  { what: 'an open door', yaml: 'server: { host: 0.0.0.0 }', path: 'server.host', message: 'can be reached from other machines while auth.mode is none', mend: 'auth.mode: api_key' },
  { what: 'an open door on IPv6', env: { LONGHAUL_SERVER__HOST: '::' }, path: 'server.host', message: 'auth.mode is none (LONGHAUL_SERVER__HOST)', mend: '127.0.0.1' },
  { what: 'a host name that only looks local', yaml: 'server: { host: 127.evil.example }', path: 'server.host', message: 'auth.mode is none', mend: '127.0.0.1' },
  { what: 'a key entry without a key', yaml: 'auth: { api_keys: [{ name: ci }] }', path: 'auth.api_keys[0]', message: 'has neither key nor key_hash', mend: 'exactly one' },
  { what: 'a key entry with both', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, key_hash: "sha256:${'a'.repeat(64)}" }] }`, path: 'auth.api_keys[0]', message: 'has both', mend: 'exactly one' },
  { what: 'a short key', yaml: 'auth: { api_keys: [{ name: ci, key: hunter22 }] }', path: 'auth.api_keys[0].key', message: 'at least 16 characters', mend: 'Only its hash is kept' },
  { what: 'a cut key', yaml: `auth: { api_keys: [{ name: ci, key: ${generateApiKey().slice(0, -2)} }] }`, path: 'auth.api_keys[0].key', message: 'checksum does not fit', mend: 'copy the whole key' },
  { what: 'a hash of another kind', yaml: 'auth: { api_keys: [{ name: ci, key_hash: "md5:abc" }] }', path: 'auth.api_keys[0].key_hash', message: 'must be "sha256:" and 64', mend: 'sha256:<hex>' },
  { what: 'two keys of one name', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}1 }, { name: ci, key: ${KEY}2 }] }`, path: 'auth.api_keys[1].name', message: '"ci" is there twice', mend: 'its own name' },
  { what: 'one key twice', yaml: `auth: { api_keys: [{ name: a, key: ${KEY} }, { name: b, key: ${KEY} }] }`, path: 'auth.api_keys[1]', message: 'is the same key as "a"', mend: 'remove one' },
  { what: 'an unknown scope', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, scopes: ["agent:run"] }] }`, path: 'auth.api_keys[0].scopes[0]', message: 'expected one of agents:run, executions:read, executions:cancel, approvals:decide, admin, got "agent:run"', mend: 'did you mean "agents:run"?' },
  { what: 'a key with no scope', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, scopes: [] }] }`, path: 'auth.api_keys[0].scopes', message: 'at least one scope', mend: '' },
  { what: 'a key whose scopes mean nothing here', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, scopes: ["schedules:read"] }] }`, path: 'auth.api_keys[0].scopes[0]', message: 'got "schedules:read"', mend: '' },
  { what: 'keys that are no JSON', env: { LONGHAUL_AUTH__API_KEYS: '[{"name":"ci","key":"hunter22' }, path: 'auth.api_keys', message: 'expected a list, got text', mend: 'Authorization' },
  { what: 'a negative rate', yaml: 'server: { rate_limit: { requests: -1 } }', path: 'server.rate_limit.requests', message: 'must be a number from 0 to', mend: '0 = no limit' },
  { what: 'a rate that is no number', yaml: 'server: { rate_limit: { requests: 100/minute } }', path: 'server.rate_limit.requests', message: 'expected a number', mend: 'in per_s' },
  { what: 'half a second', yaml: 'server: { rate_limit: { per_s: 1.5 } }', path: 'server.rate_limit.per_s', message: 'must be a whole number', mend: 'in seconds' },
  { what: 'a proxy that is everybody', yaml: 'server: { trust_proxy: ["10.0.0.1", "0.0.0.0/0"] }', path: 'server.trust_proxy[1]', message: 'not everybody (/0)', mend: 'A proxy of your own' },
  { what: 'a misspelt limit', yaml: 'server: { rate_limit: { request: 5 } }', path: 'server.rate_limit.request', message: 'unknown key', mend: 'requests' },
  { what: 'a limit of a key that is no limit', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, rate_limit: { per_s: 5 } }] }`, path: 'auth.api_keys[0].rate_limit.requests', message: 'expected a number', mend: '0 = no limit' },
  { what: 'a negative number of executions', yaml: `auth: { api_keys: [{ name: ci, key: ${KEY}, max_concurrent: -1 }] }`, path: 'auth.api_keys[0].max_concurrent', message: 'must be a number from 0', mend: '0 = no limit' },
  { what: 'an origin with a path', yaml: 'server: { allowed_origins: ["https://app.example.com/"] }', path: 'server.allowed_origins[0]', message: 'must be an origin such as https://app.example.com', mend: 'An origin' },
  { what: 'a proxy that is no address', yaml: 'server: { trust_proxy: ["true"] }', path: 'server.trust_proxy[0]', message: 'must be an address or a network', mend: 'A proxy of your own' },
  // pairs
  { what: 'a heartbeat as long as the lease', yaml: 'queue: { visibility_timeout_s: 5 }', path: 'worker.heartbeat_s', message: 'more than half of queue.visibility_timeout_s (5)', mend: 'at most 2.5' },
  { what: 'a soft limit as long as the hard one', yaml: 'profiles: { quick: { timeout_s: 5, soft_timeout_s: 5 } }', path: 'profiles.quick.soft_timeout_s', message: '5 is not less than timeout_s (5)', mend: 'raise timeout_s' },
  { what: 'a deadline of 0', yaml: 'profiles: { quick: { deadline_s: 0 } }', path: 'profiles.quick.deadline_s', message: 'must be a number from 1 to 31536000', mend: 'from when it is due' },
  // who is told
  { what: 'Slack without its token', yaml: 'notifications: { slack: { channel: "#x" }, defaults: { on_error: slack } }', path: 'notifications.slack.token', message: 'is missing: slack cannot send without it', mend: 'token: "${SLACK_TOKEN}"' },
  { what: 'Slack with a token that is not set', yaml: 'notifications: { slack: { token: "${SLACK_TOKEN}" } }', path: 'notifications.slack.token', message: 'the variable SLACK_TOKEN is not set (gateway.yaml:1)', mend: 'set SLACK_TOKEN' },
  { what: 'Telegram without its token', yaml: 'notifications: { telegram: { chat_id: "5" } }', path: 'notifications.telegram.bot_token', message: 'is missing', mend: 'BotFather' },
  { what: 'PagerDuty without its key', yaml: 'notifications: { pagerduty: { api_url: "http://h" } }', path: 'notifications.pagerduty.routing_key', message: 'is missing', mend: 'Events API v2' },
  { what: 'mail without a server', yaml: 'notifications: { email: { from: a@b.c } }', path: 'notifications.email.smtp_url', message: 'is missing', mend: 'host with port' },
  { what: 'mail from nobody', yaml: 'notifications: { email: { host: h } }', path: 'notifications.email.from', message: 'is missing', mend: 'from: alerts@example.com' },
  { what: 'mail with a user and no password', yaml: 'notifications: { email: { host: h, from: a@b.c, user: u } }', path: 'notifications.email', message: 'only one of user and password', mend: 'both, or none' },
  { what: 'mail by two servers', yaml: 'notifications: { email: { host: h, smtp_url: "smtp://u:hunter22@h", from: a@b.c } }', path: 'notifications.email.host', message: 'beside smtp_url', mend: 'keep one' },
  { what: 'an smtp_url with the wrong scheme', yaml: 'notifications: { email: { smtp_url: "http://u:hunter22@h", from: a@b.c } }', path: 'notifications.email.smtp_url', message: 'must be a URL that starts with smtp:// or smtps:// (gateway.yaml:1)', mend: 'TLS' },
  { what: 'a channel that nobody has', yaml: 'notifications:\n  defaults:\n    on_error: [slak]', path: 'notifications.defaults.on_error[0]', message: 'unknown channel "slak", did you mean "slack"? (gateway.yaml:3)', mend: 'there are slack, telegram' },
  { what: 'a channel without a section', yaml: 'notifications: { defaults: { on_error: pagerduty } }', path: 'notifications.defaults.on_error', message: 'pagerduty is not configured', mend: 'routing_key: "${PAGERDUTY_KEY}"' },
  { what: 'a channel that writes nowhere', yaml: 'notifications: { slack: { token: t }, defaults: { on_complete: [slack] } }', path: 'notifications.defaults.on_complete[0]', message: 'slack needs "to"', mend: 'set notifications.slack.channel' },
  { what: 'a recipient that is no address', yaml: 'notifications: { email: { host: h, from: a@b.c }, defaults: { on_error: { channel: email, to: [a@b.c, "x@y.z, b@c.d"] } } }', path: 'notifications.defaults.on_error.to[1]', message: 'expected a mail address', mend: 'correct it' },
  { what: 'a webhook that is no URL', yaml: 'notifications: { defaults: { on_error: { channel: webhook, to: default } } }', path: 'notifications.defaults.on_error', message: 'expected a URL', mend: 'correct it' },
  { what: 'a recipient of PagerDuty', yaml: 'notifications: { pagerduty: { routing_key: k }, defaults: { on_error: { channel: pagerduty, to: x } } }', path: 'notifications.defaults.on_error', message: 'takes no "to"', mend: 'routing_key' },
  { what: 'a target of another shape', yaml: 'notifications: { defaults: { on_error: 5 } }', path: 'notifications.defaults.on_error', message: 'expected a channel such as slack', mend: 'failed' },
  { what: 'a template that nobody wrote', yaml: 'notifications: { slack: { token: t, channel: c }, templates: { short: hi }, defaults: { on_error: { channel: slack, template: shrt } } }', path: 'notifications.defaults.on_error', message: 'unknown template "shrt", did you mean "short"?', mend: 'there are short' },
  { what: 'a broken template', yaml: 'notifications:\n  templates:\n    ok: "{{ agent }}"\n    short: "{{ agent"', path: 'notifications.templates.short', message: 'is no Liquid template: output "{{ agent" not closed, line:1, col:1 (gateway.yaml:4)', mend: 'liquidjs.com' },
  { what: 'a template with a filter that there is not', yaml: 'notifications: { templates: { short: "{{ agent | shout }}" } }', path: 'notifications.templates.short', message: 'undefined filter: shout', mend: 'liquidjs' },
  { what: 'a template that reads a file', yaml: 'notifications: { templates: { short: "{% include \'.env\' %}" } }', path: 'notifications.templates.short', message: 'tag "include" not found', mend: 'liquidjs' },
  { what: 'a template with a name that there is not', yaml: 'notifications: { templates: { short: "{{ agnt }}" } }', path: 'notifications.templates.short', message: 'names "agnt", which no notification has, did you mean "agent"?', mend: 'there are event' },
  { what: 'a summary without mail', yaml: 'notifications: { daily_summary: { to: a@b.c } }', path: 'notifications.daily_summary', message: 'needs notifications.email', mend: 'smtp_url' },
  { what: 'a summary for nobody', yaml: 'notifications: { email: { host: h, from: a@b.c }, daily_summary: {} }', path: 'notifications.daily_summary', message: 'nobody to go to', mend: 'email.to' },
  { what: 'a summary at an hour that there is not', yaml: 'notifications: { email: { host: h, from: a@b.c, to: a@b.c }, daily_summary: { at: "24:00" } }', path: 'notifications.daily_summary.at', message: 'a time of day such as "08:00"', mend: 'When' },
  { what: 'a summary on Mars', yaml: 'notifications: { email: { host: h, from: a@b.c, to: a@b.c }, daily_summary: { timezone: Mars/Base } }', path: 'notifications.daily_summary.timezone', message: 'a time zone such as', mend: 'of the day' },
  // the file itself
  { what: 'a list for a file', yaml: '- queue', path: 'gateway.yaml', message: 'must be a mapping', mend: 'queue: {' },
  { what: 'a duplicate key', yaml: 'queue: {}\nserver: {}\nqueue: {}', path: 'gateway.yaml:3', message: 'must be unique', mend: 'keep one of the two' },
  { what: 'a tab', yaml: 'queue:\n\tbackend: redis', path: 'gateway.yaml:2', message: 'Tabs', mend: 'indent with spaces' },
  { what: 'a bare reference in braces', yaml: 'providers: { openai: { api_key: ${KEY} } }', path: 'gateway.yaml:1', message: 'Unexpected', mend: 'put quotes around it' },
  { what: 'two documents', yaml: 'queue: {}\n---\nserver: {}', path: 'gateway.yaml:2', message: 'multiple documents', mend: 'keep one document' },
  { what: 'an unclosed bracket', yaml: 'extensions: [a\nqueue: {}', path: 'gateway.yaml:2', message: ']', mend: 'mend the YAML' },
  { what: 'an alias bomb', yaml: aliasBomb.join('\n'), path: 'gateway.yaml', message: 'alias', mend: 'at most 20' },
  { what: 'an alias of nothing', yaml: 'extensions: *nope', path: 'gateway.yaml', message: 'nope', mend: 'aliases' },
  { what: 'an alias that contains itself', yaml: 'queue: &q { routes: *q }', path: 'gateway.yaml', message: 'circular', mend: 'none into itself' },
  { what: 'a thousand brackets', yaml: '['.repeat(60_000), path: 'gateway.yaml:1', message: '', mend: 'mend the YAML' },
  { what: 'a file of 65 KB', yaml: `# ${'x'.repeat(65 * 1024)}`, path: 'gateway.yaml', message: 'at most 65536 are read', mend: 'shorten it' },
  { what: 'UTF-16', yaml: Buffer.from('\ufeffqueue: {}', 'utf16le'), path: 'gateway.yaml', message: 'is not UTF-8', mend: 'save it as UTF-8' },
];

describe('bad input gets an error that says where, what and how to mend it', () => {
  it.each(TABLE)('$what -> $path', ({ yaml, env = {}, path, message, mend }) => {
    const workspace = makeWorkspace(yaml === undefined ? {} : { 'gateway.yaml': yaml });
    const error = refusal({ workspace, env });
    expect(error.issues).toContainEqual({
      path,
      message: expect.stringContaining(message),
      ...(mend === '' ? {} : { hint: expect.stringContaining(mend) }),
    });
    expect(error.issues).toHaveLength(1);
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('hunter22');
  });

  it('all issues come at once, in one message', () => {
    const workspace = makeWorkspace({ 'gateway.yaml': 'server: { port: -1 }\nqueue: { backend: kafka }' });
    const error = refusal({ workspace, env: { LONGHAUL_NO__SUCH: '1' } });
    expect(error.issues?.map(({ path }) => path)).toEqual(['LONGHAUL_NO__SUCH', 'server.port', 'queue.backend']);
    expect(error.message.split('\n')).toHaveLength(4);
  });

  it('a missing workspace is named', () => {
    expect(refusal({ workspace: '/no/such/place', env: {} }).message).toContain('/no/such/place');
  });

  it('gateway.yml is not passed over in silence', () => {
    const workspace = makeWorkspace({ 'gateway.yml': 'queue: {}' });
    expect(refusal({ workspace, env: {} }).message).toBe('gateway.yml: is not read; rename it to gateway.yaml');
  });
});

function refusal(options: { workspace: string; env: Record<string, string> }): ConfigurationError {
  try {
    loadGatewayConfig(options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
