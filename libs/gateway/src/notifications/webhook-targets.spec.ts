import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { ConfigurationError } from '@longhaul/kernel';
import { agentDefaults, notifiersOptions } from '../module-options';

/** What every delivery would fail on is said when the gateway starts, not when something has happened. */
describe('A webhook that notifications name', () => {
  const workspace = makeWorkspace();
  function load(onError: object, more: object = {}) {
    writeFileSync(
      join(workspace, 'gateway.yaml'),
      JSON.stringify({ notifications: { defaults: { on_error: onError } }, ...more }),
    );
    return loadGatewayConfig({ workspace, env: {} });
  }
  const webhook = (to: string | string[]) => ({ channel: 'webhook', to });

  it.each([
    ['http://alerts.example:8080/x', 'without encryption'],
    ['https://10.0.0.1/', 'not a public address'],
    ['https://example.com:22/', 'port 22'],
  ])('may not be %s in the defaults: the gateway does not start', (url, words) => {
    const loaded = load(webhook(['https://example.com/hook', url]));
    expect(() => notifiersOptions(loaded)).toThrow(ConfigurationError);
    expect(() => notifiersOptions(loaded)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(words) as string,
        issues: [expect.objectContaining({ path: 'notifications.defaults.on_error' })],
      }),
    );
  });

  it('may be what the settings of webhooks allow', () => {
    expect(notifiersOptions(load(webhook('https://alerts.example/'))).source).toBeDefined();
    const allowed = load(webhook('http://alerts.example:8080/x'), { webhooks: { allow_http: true } });
    expect(notifiersOptions(allowed).source).toBeDefined();
  });

  it('is a warning in an AGENT.md, as every target is that cannot be told: the agent does its work', () => {
    mkdirSync(join(workspace, 'agents/told'), { recursive: true });
    writeFileSync(
      join(workspace, 'agents/told/AGENT.md'),
      '---\nnotifications:\n  on_error: { channel: webhook, to: "http://alerts.example:8080/x" }\n---\nDo it.\n',
    );
    const { config } = load(webhook('https://alerts.example/'));
    const { definitions, problems, warnings } = loadCatalogue(workspace, agentDefaults(config));
    expect(problems).toEqual([]);
    expect(definitions.map(({ id }) => id)).toEqual(['told']);
    expect(warnings).toContainEqual({
      path: 'agents/told/AGENT.md:3',
      message: expect.stringMatching(/on_error: "to" of webhook: .*without encryption: nobody is told/) as string,
      hint: expect.stringContaining('https://') as string,
    });
  });
});
