import type { JsonObject } from '@longhaul/kernel';
import { type ModelCall, type ModelPart, Models, type ProviderType } from '@longhaul/models';
import { NO_METRICS } from '@longhaul/telemetry';
import { callsTools, FakeLlm } from '../../support/fake-llm';
import { WireServer } from './wire';

const LIMITS = { firstTokenTimeoutMs: 5_000, idleTimeoutMs: 5_000, timeoutMs: 5_000 };
const WEATHER = {
  name: 'weather',
  description: 'The weather of a town.',
  parameters: { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] },
};

const chunk = (delta: object, finish: string | null = null) => ({
  object: 'chat.completion.chunk',
  id: 'c',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const wanted = (more: object) => chunk({ tool_calls: [{ index: 0, ...more }] });
const OPENAI = [
  wanted({ id: 'c1', type: 'function', function: { name: 'weather', arguments: '' } }),
  wanted({ function: { arguments: '{"town":' } }),
  wanted({ function: { arguments: '"Rome"}' } }),
  chunk({}, 'tool_calls'),
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
      usage: { input_tokens: 3, output_tokens: 1 },
    },
  },
  {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 'c1', name: 'weather', input: {} },
  },
  { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"town":' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '"Rome"}' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage: { output_tokens: 2 } },
  { type: 'message_stop' },
];
const GOOGLE = [
  {
    candidates: [
      {
        index: 0,
        content: {
          role: 'model',
          parts: [{ functionCall: { name: 'weather', args: { town: 'Rome' } }, thoughtSignature: 'signed' }],
        },
        finishReason: 'STOP',
      },
    ],
    usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 },
  },
];

const WIRES: { type: ProviderType; events: object[]; offered: unknown; asked: string; answered: string }[] = [
  ...(['openai', 'openai-compatible'] as const).map((type) => ({
    type,
    events: OPENAI,
    offered: [{ type: 'function', function: WEATHER }],
    asked: 'tool_calls',
    answered: '"tool_call_id"',
  })),
  {
    type: 'anthropic',
    events: ANTHROPIC,
    offered: [{ name: 'weather', description: WEATHER.description, input_schema: WEATHER.parameters }],
    asked: 'tool_use',
    answered: 'tool_result',
  },
  {
    type: 'google',
    events: GOOGLE,
    offered: [{ functionDeclarations: [{ name: 'weather', description: WEATHER.description }] }],
    asked: 'functionCall',
    answered: 'functionResponse',
  },
];

const call = (more: Partial<ModelCall> = {}): ModelCall => ({
  model: 'm',
  instructions: '',
  messages: [{ role: 'user', text: 'How is it in Rome?' }],
  tools: [WEATHER],
  signal: new AbortController().signal,
  demo: { agent: 'a', file: null, body: '', async: false, attempt: 1, input: null },
  ...more,
});

async function all(stream: AsyncIterable<ModelPart>): Promise<ModelPart[]> {
  const parts: ModelPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function partsOf(type: ProviderType, baseUrl: string, one: ModelCall): Promise<ModelPart[]> {
  const options = { name: 'p', type, apiKey: 'k', baseUrl, ...LIMITS };
  const { provider } = new Models({ providers: [options], prices: {} }, NO_METRICS).find('p/m')!;
  return all(provider.stream(one));
}

describe.each(WIRES)('tools of a provider of type $type', ({ type, events, offered, asked, answered }) => {
  let wire: WireServer;
  beforeEach(async () => (wire = await WireServer.start()));
  afterEach(() => wire.stop());

  it('are offered to the model, whose wish to have one called comes as a part', async () => {
    wire.streams(events);
    const [wish, finish] = await partsOf(type, wire.url, call());
    expect(wish).toMatchObject({ type: 'tool_call', name: 'weather', arguments: { town: 'Rome' } });
    expect(finish).toMatchObject({ type: 'finish', reason: 'tool_calls' });
    expect(wire.asked[0]?.body['tools']).toMatchObject(offered as object);
    expect(JSON.stringify(wire.asked[0]?.body)).toContain(JSON.stringify(WEATHER.parameters.properties));
  });

  it('have their answers sent back, with what the provider wants to see again', async () => {
    wire.streams(events);
    const [wish] = await partsOf(type, wire.url, call());
    if (wish?.type !== 'tool_call') throw new Error('no tool call');
    const { type: _, ...request } = wish;
    await partsOf(
      type,
      wire.url,
      call({
        messages: [
          { role: 'user', text: 'How is it in Rome?' },
          { role: 'assistant', text: 'I look.', toolCalls: [request] },
          { role: 'tool', callId: request.id, name: 'weather', text: 'It rains.', isError: false },
        ],
      }),
    );
    const body = JSON.stringify(wire.asked[1]?.body);
    for (const text of ['I look.', asked, 'Rome', answered, 'It rains.']) expect(body).toContain(text);
    if (type === 'google') expect(body).toContain('"thoughtSignature":"signed"');
  });
});

describe('what a model makes of its tools', () => {
  let llm: FakeLlm;
  beforeEach(async () => (llm = await FakeLlm.start()));
  afterEach(() => llm.stop());
  const ask = (more: Partial<ModelCall> = {}) => partsOf('openai-compatible', llm.url, call(more));
  const wishes = async (more: Partial<ModelCall> = {}) =>
    (await ask(more)).filter((part) => part.type === 'tool_call').map(({ name, arguments: given }) => [name, given]);

  it('may be several calls beside some text', async () => {
    llm.script.push(
      callsTools(
        [
          { tool: 'weather', arguments: { town: 'Rome' } },
          { tool: 'weather', arguments: { town: 'Oslo' } },
        ],
        {
          text: 'I look.',
        },
      ),
    );
    expect(await ask()).toEqual([
      { type: 'text', text: 'I look.' },
      { type: 'tool_call', id: 'call_0', name: 'weather', arguments: { town: 'Rome' } },
      { type: 'tool_call', id: 'call_1', name: 'weather', arguments: { town: 'Oslo' } },
      { type: 'finish', reason: 'tool_calls', usage: { inputTokens: 10, cachedInputTokens: 0, outputTokens: 5 } },
    ]);
  });

  it.each([
    ['arguments that are no JSON, as text', 'weather', '{"town": "Ro', '{"town": "Ro'],
    ['arguments that are no object', 'weather', '[1]', [1]],
    ['arguments that do not fit', 'weather', '{"city":"Rome"}', { city: 'Rome' }],
    ['no arguments, as an empty object', 'weather', '', {}],
    ['arguments that reach for the prototype, as text', 'weather', '{"__proto__":{"a":1}}', '{"__proto__":{"a":1}}'],
    ['a tool that is not there', 'wether', '{"town":"Rome"}', { town: 'Rome' }],
  ])('may be %s: no exception', async (_, tool, given, read) => {
    llm.script.push(callsTools([{ tool, arguments: given }]));
    expect(await wishes()).toEqual([[tool, read]]);
  });

  it('goes back as an object, also where it was none', async () => {
    const toolCalls = [{ id: 'call_0', name: 'weather', arguments: '{"town": "Ro' }];
    await ask({
      messages: [
        { role: 'user', text: 'How is it in Rome?' },
        { role: 'assistant', text: '', toolCalls },
        { role: 'tool', callId: 'call_0', name: 'weather', text: 'is not JSON', isError: true },
      ],
    });
    const [, asked] = llm.requests[0]!.body.messages;
    expect(JSON.parse(asked!.tool_calls![0]!.function.arguments)).toEqual({ unreadable: '{"town": "Ro' });
  });

  it('does not offer what is not there', async () => {
    await ask({ tools: [] });
    expect(llm.requests[0]?.body).not.toHaveProperty('tools');
  });
});

describe('the demo model', () => {
  const { provider } = new Models({ providers: [], prices: {} }, NO_METRICS).find('demo/echo')!;
  const clock: JsonObject = { tool: 'clock' };
  const tool_calls = [[{ tool: 'weather', arguments: { town: 'Rome' } }, clock], [clock]];
  const input = { message: 'Hi', context: { demo: { tool_calls } } };
  const ask = (messages: ModelCall['messages']) =>
    all(provider.stream(call({ messages, demo: { ...call().demo, input } })));
  const asked = { role: 'user' as const, text: 'Hi' };
  const round = (id: string) => [
    { role: 'assistant' as const, text: '', toolCalls: [{ id, name: 'clock', arguments: {} }] },
    { role: 'tool' as const, callId: id, name: 'clock', text: 'noon' },
  ];

  it('wants the tools called that it is told to, turn by turn', async () => {
    expect(await ask([asked])).toEqual([
      { type: 'tool_call', id: 'call_1_1', name: 'weather', arguments: { town: 'Rome' } },
      { type: 'tool_call', id: 'call_1_2', name: 'clock', arguments: {} },
      { type: 'finish', reason: 'tool_calls', usage: expect.objectContaining({ inputTokens: 1 }) },
    ]);
    expect(await ask([asked, ...round('a')])).toMatchObject([{ id: 'call_2_1', name: 'clock' }, { type: 'finish' }]);
  });

  it('then tells what they answered', async () => {
    const parts = await ask([asked, ...round('a'), ...round('b')]);
    const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    expect(text).toMatch(/^You said: Hi\nclock answered: noon\nclock answered: noon\nI am/);
  });

  it('begins anew with each question', async () => {
    expect(await ask([asked, ...round('a'), { role: 'assistant', text: 'Noon.' }, asked])).toMatchObject([
      { id: 'call_1_1' },
      { id: 'call_1_2' },
      { type: 'finish' },
    ]);
  });
});
