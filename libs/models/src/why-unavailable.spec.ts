import type { ProviderOptions } from './models-options';
import { whyUnavailable } from './why-unavailable';

const limits = { firstTokenTimeoutMs: 1, idleTimeoutMs: 1, timeoutMs: 1 };
const PROVIDERS: ProviderOptions[] = [
  { name: 'openai', type: 'openai', apiKey: 'k', ...limits },
  { name: 'team', type: 'anthropic', ...limits },
  { name: 'local', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', ...limits },
  { name: 'pasted', type: 'openai', apiKey: 'sk-…', ...limits },
  { name: 'broken', type: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'a\nb', ...limits },
];

describe('why a model cannot be called', () => {
  it.each(['demo/echo', 'openai/gpt-5', 'local/llama3.2', 'local/org/model'])('there is no reason for %s', (name) => {
    expect(whyUnavailable(name, PROVIDERS)).toBeUndefined();
  });

  it.each([
    ['gpt-5', 'names no provider, write provider/model'],
    ['openai/', 'names no provider'],
    ['team/claude', 'needs a key: set providers.team.api_key in gateway.yaml or the variable ANTHROPIC_API_KEY'],
    [
      'pasted/gpt-5',
      'this one has "…" in it: set providers.pasted.api_key in gateway.yaml or the variable OPENAI_API_KEY',
    ],
    ['broken/llama3.2', 'this one has "\\n" in it: set providers.broken.api_key in gateway.yaml'],
    ['google/gemini', 'set GOOGLE_GENERATIVE_AI_API_KEY, or providers.google.api_key'],
    [
      'azure/gpt-5',
      'needs the provider "azure". Configured: demo, openai, team, local, pasted, broken; add it to providers',
    ],
    [
      'opnai/gpt-5',
      'needs the provider "opnai", did you mean "openai"? Configured: demo, openai, team, local, pasted, broken',
    ],
  ])('%s: %s', (name, reason) => {
    expect(whyUnavailable(name, PROVIDERS)).toContain(reason);
  });
});
