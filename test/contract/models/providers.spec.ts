import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ModelCall, type ModelPart, Models, type ProviderOptions, type ProviderType } from '@longhaul/models';
import { NO_METRICS } from '@longhaul/telemetry';
import { WireServer } from './wire';

const KEY = 'secret-key-0123456789';
const LIMITS = { firstTokenTimeoutMs: 5_000, idleTimeoutMs: 5_000, timeoutMs: 5_000 };

const chunk = (delta: object, finish: string | null = null) => ({
  object: 'chat.completion.chunk',
  id: 'c',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const OPENAI = [
  chunk({ role: 'assistant', content: 'Hel' }),
  chunk({ content: 'lo' }),
  chunk({}, 'stop'),
  {
    ...chunk({}),
    choices: [],
    usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9, prompt_tokens_details: { cached_tokens: 4 } },
  },
];
const ANTHROPIC = [
  {
    type: 'message_start',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const candidate = (text: string, more: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }],
});
const GOOGLE = [
  candidate('Hel'),
  {
    ...candidate('lo', { finishReason: 'STOP' }),
    usageMetadata: {
      promptTokenCount: 7,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 2,
      totalTokenCount: 9,
    },
  },
];

interface Wire {
  type: ProviderType;
  events: object[];
  url: string;
  key: [header: string, value: string];
  system: (body: Record<string, unknown>) => unknown;
}

const WIRES: Wire[] = [
  {
    type: 'openai',
    events: OPENAI,
    url: '/chat/completions',
    key: ['authorization', `Bearer ${KEY}`],
    system: ({ messages }) => (messages as unknown[])[0],
  },
  {
    type: 'openai-compatible',
    events: OPENAI,
    url: '/chat/completions',
    key: ['authorization', `Bearer ${KEY}`],
    system: ({ messages }) => (messages as unknown[])[0],
  },
  { type: 'anthropic', events: ANTHROPIC, url: '/messages', key: ['x-api-key', KEY], system: ({ system }) => system },
  {
    type: 'google',
    events: GOOGLE,
    url: '/models/m:streamGenerateContent?alt=sse',
    key: ['x-goog-api-key', KEY],
    system: ({ systemInstruction }) => systemInstruction,
  },
];

const LOADED = `
  const loaded = new Set();
  require('node:module').registerHooks({
    resolve(name, context, next) {
      if (/^(ai|@ai-sdk.(openai|anthropic|google|openai-compatible))$/.test(name)) loaded.add(name);
      return next(name, context);
    },
  });
  require('reflect-metadata');
  const { Models } = require('./dist/libs/models/src');
  const { NO_METRICS } = require('./dist/libs/telemetry/src');
  const limits = { firstTokenTimeoutMs: 100, idleTimeoutMs: 100, timeoutMs: 100 };
  const anthropic = { name: 'anthropic', type: 'anthropic', baseUrl: 'http://127.0.0.1:9', ...limits };
  const models = new Models({ providers: [anthropic], prices: {} }, NO_METRICS);
  const demo = { agent: 'a', file: null, body: '', async: false, attempt: 1, input: 'Hi' };
  const signal = new AbortController().signal;
  (async () => {
    for (const name of JSON.parse(process.argv[1])) {
      const { provider, model } = models.find(name);
      const call = { model, instructions: '', messages: [{ role: 'user', text: 'Hi' }], signal, demo };
      try {
        for await (const _ of provider.stream(call));
      } catch {}
    }
    console.log(JSON.stringify([...loaded].sort()));
  })();`;

describe.each(WIRES)('a provider of type $type', ({ type, events, url, key, system }) => {
  let wire: WireServer;
  beforeEach(async () => (wire = await WireServer.start()));
  afterEach(() => wire.stop());

  const call = (more: Partial<ModelCall> = {}): ModelCall => ({
    model: 'm',
    instructions: 'You are terse.',
    messages: [{ role: 'user', text: 'Hi' }],
    signal: new AbortController().signal,
    demo: { agent: 'a', file: null, body: '', async: false, attempt: 1, input: null },
    ...more,
  });
  const provider = (more: Partial<ProviderOptions> = {}) => {
    const one: ProviderOptions = { name: 'p', type, apiKey: KEY, baseUrl: wire.url, ...LIMITS, ...more };
    return new Models({ providers: [one], prices: {} }, NO_METRICS).find('p/m')!.provider;
  };
  const ask = async (more: Partial<ModelCall> = {}): Promise<ModelPart[]> => {
    const parts: ModelPart[] = [];
    for await (const part of provider().stream(call(more))) parts.push(part);
    return parts;
  };

  it('asks with its key, the instructions and the message, and yields the text and the tokens', async () => {
    wire.streams(events);
    expect(await ask({ temperature: 0.5, maxTokens: 99 })).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'finish', reason: 'stop', usage: { inputTokens: 7, cachedInputTokens: 4, outputTokens: 2 } },
    ]);
    const [asked] = wire.asked;
    expect(asked?.url).toBe(url);
    expect(asked?.headers[key[0]]).toBe(key[1]);
    expect(JSON.stringify(system(asked!.body))).toContain('You are terse.');
    expect(JSON.stringify(asked?.body)).toContain('99');
  });

  it('asks for JSON in its own way when an output is to fit a schema', async () => {
    wire.streams(events);
    await ask({ outputSchema: { type: 'object', properties: { a: { type: 'string', pattern: '^x' } } } });
    expect(JSON.stringify(wire.asked[0]?.body)).toContain('json');
  });

  it.each([
    [429, 'provider_rate_limited', true],
    [503, 'provider_error', true],
    [401, 'provider_error', false],
  ])('makes of %i the code %s, retryable: %s, and does not repeat its key', async (status, code, retryable) => {
    wire.refuses(
      status,
      { type: 'error', error: { type: 'x', message: `no: ${KEY}.`, code: status, status: 'X' } },
      { 'retry-after': '7' },
    );
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, retryable, details: { provider: 'p', model: 'm', status } });
    expect(String(error)).not.toContain(KEY);
    if (retryable) expect(error).toMatchObject({ retryAfterMs: 7_000 });
    if (status === 401) expect(String(error)).toMatch(/no: \[key\]; check providers\.p\.api_key in gateway\.yaml$/);
    expect(wire.asked).toHaveLength(1);
  });

  it('closes the connection when nobody wants the rest of the answer', async () => {
    wire.streams(events.slice(0, type === 'anthropic' ? 3 : 1));
    wire.staysOpen = true;
    for await (const part of provider().stream(call())) {
      expect(part).toEqual({ type: 'text', text: 'Hel' });
      break;
    }
    await wire.closed;
  });

  it('does not repeat what its headers hold', async () => {
    const token = 'token-of-the-proxy';
    wire.refuses(403, { error: { message: `no: ${token}`, code: 403, status: 'X', type: 'x' } });
    const parts = provider({ headers: { 'proxy-authorization': `Bearer ${token}` } }).stream(call());
    const error: unknown = await parts[Symbol.asyncIterator]()
      .next()
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(String(error)).toContain('answered 403: ');
    expect(String(error)).not.toContain(token);
    expect(wire.asked[0]?.headers['proxy-authorization']).toBe(`Bearer ${token}`);
  });

  it('takes an answer that ends too early for a failure that may be tried again', async () => {
    wire.streams(events.slice(0, 1));
    await expect(ask()).rejects.toMatchObject({ code: 'provider_error', retryable: true });
  });
});

describe('the AI SDK', () => {
  /** Which of its packages are loaded by the calls to these models, in a process of its own. */
  async function loadedBy(...models: string[]): Promise<string[]> {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', LOADED, JSON.stringify(models)]);
    return JSON.parse(stdout) as string[];
  }

  it('is not loaded by a gateway whose agents are on the demo model', async () => {
    expect(await loadedBy('demo/echo')).toEqual([]);
  });

  it('is loaded by the first call to a provider, with the package of that provider alone', async () => {
    expect(await loadedBy('anthropic/m')).toEqual(['@ai-sdk/anthropic', 'ai']);
  });
});
