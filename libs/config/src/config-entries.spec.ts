import { makeWorkspace } from '../testing';
import { configEntries } from './config-entries';
import { loadGatewayConfig } from './load-gateway-config';

const YAML = `
providers: { local: { type: openai-compatible, base_url: http://127.0.0.1:11434/v1, api_key: sk-hidden-hidden } }
persistence: { backend: postgres, url: "postgres://me:pass-hidden@127.0.0.1/db" }
auth: { mode: api_key, api_keys: [{ name: ci, key: key-hidden-hidden-hidden, scopes: [admin] }] }
`;

describe('the configuration as it is shown', () => {
  const workspace = makeWorkspace({ 'gateway.yaml': YAML });
  const entries = configEntries(loadGatewayConfig({ workspace, env: { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '60' } }));
  const entryOf = (key: string) => entries.find((entry) => entry.key === key);

  it('has each key with its value in force and where that came from', () => {
    expect(entryOf('queue.visibility_timeout_s')).toEqual({
      key: 'queue.visibility_timeout_s',
      value: 60,
      source: 'env',
    });
    expect(entryOf('persistence.backend')).toMatchObject({ value: 'postgres', source: 'yaml' });
    expect(entryOf('server.port')).toMatchObject({ value: 8000, source: 'default' });
  });

  it("keeps the file's own names, also inside what users named", () => {
    expect(entryOf('providers')?.value).toMatchObject({ local: { base_url: 'http://127.0.0.1:11434/v1' } });
  });

  it.each([
    ['amqp://guest:pw@h:5672/', 'amqp://guest:[redacted]@h:5672/'],
    ['http://u:p%40@w@h/db', 'http://u:[redacted]@h/db'],
    ['https://h/v1?api_key=x&b=1&token=y#z', 'https://h/v1?api_key=[redacted]&b=1&token=[redacted]#z'],
    ['http://h:8000/a:b@c', 'http://h:8000/a:b@c'],
  ])('of the URL %s shows %s', (url, shown) => {
    const broker = url.startsWith('amqp');
    const env = broker ? { LONGHAUL_QUEUE__RABBITMQ_URL: url } : { LONGHAUL_SERVER__PUBLIC_URL: url };
    const key = broker ? 'queue.rabbitmq_url' : 'server.public_url';
    expect(
      configEntries(loadGatewayConfig({ workspace: makeWorkspace(), env })).find((one) => one.key === key)?.value,
    ).toBe(shown);
  });

  it('shows no secret: neither keys, nor passwords in URLs, nor hashes', () => {
    const text = JSON.stringify(entries);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('hidden');
    expect(text).not.toMatch(/[0-9a-f]{64}/);
    expect(entryOf('auth.api_keys')?.value).toMatchObject([{ name: 'ci', scopes: ['admin'] }]);
  });
});
