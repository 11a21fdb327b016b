import { loadGatewayConfig } from './load-gateway-config';
import { makeWorkspace } from '../testing';

const load = (yaml: string, env: Record<string, string> = {}) =>
  loadGatewayConfig({ workspace: makeWorkspace({ 'gateway.yaml': yaml }), env });

describe('providers of models', () => {
  it('have the key that stands in the environment under its usual name, as a secret', () => {
    const { config, secrets } = load('', { OPENAI_API_KEY: 'sk-from-env' });
    expect(config.providers['openai']).toMatchObject({ apiKey: 'sk-from-env', timeoutS: 900 });
    expect(secrets).toContain('sk-from-env');
  });

  it('keep the key that the file gives them', () => {
    const { config } = load('providers: { openai: { api_key: own-key } }', { OPENAI_API_KEY: 'sk-from-env' });
    expect(config.providers['openai']?.apiKey).toBe('own-key');
  });

  it.each(['providers: { openai: { base_url: "http://proxy:1" } }', 'providers: { openai: { type: anthropic } }'])(
    'are not given the key of the environment when it would go elsewhere: %s',
    (yaml) => {
      const { config } = load(yaml, { OPENAI_API_KEY: 'sk-from-env' });
      expect(config.providers['openai']?.apiKey).toBeUndefined();
    },
  );

  it.each([
    ['providers: { mine: {} }', 'providers.mine: "mine" is no known provider and has no type'],
    ['providers: { mine: { type: grok } }', 'openai, anthropic, google, openai-compatible'],
    ['providers: { mine: { type: openai-compatible } }', 'providers.mine: openai-compatible needs a base_url'],
    ['providers: { demo: { type: openai } }', 'providers.demo: is built in'],
    ['providers: { openai: { apikey: x } }', 'did you mean "api_key"?'],
    ['providers: { openai: { timeout_s: 0 } }', 'providers.openai.timeout_s'],
    ['providers: { openai: { base_url: "ftp://x" } }', 'http:// or https://'],
    [
      'providers: { openai: { rate_limit: 60 } }',
      'providers.openai.rate_limit: expected a string, got 60 (gateway.yaml:1); Most requests',
    ],
    ['providers: { openai: { token_limit: 100K/m } }', 'providers.openai.token_limit: expected a rate such as'],
    ['prices: { a/b: { input: -1, output: 0 } }', 'must not be negative'],
    ['prices: { a/b: { input: 1 } }', 'prices'],
  ])('refuses %s', (yaml, message) => {
    expect(() => load(yaml)).toThrow(message);
  });
});
