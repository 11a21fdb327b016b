import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { makeWorkspace } from '@longhaul/config/testing';
import { Database } from '@longhaul/database';
import {
  ExecutionNews,
  ConversationsReader,
  DeadLettersReader,
  ExecutionKinds,
  ExecutionsReader,
  ExecutionsService,
  RateLimits,
  Retention,
  TransitionParticipants,
  type ExecutionContext,
  type ExecutionHandler,
  type StepRunner,
} from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { TelemetryModule } from '@longhaul/telemetry';
import { ToolsModule } from '@longhaul/tools';
import { Agent, type AgentHandler } from './agent-handler';
import { AgentsModule } from './agents.module';

const TOOLS = ToolsModule.forRoot({
  workspace: makeWorkspace(),
  allowPrivateCidrs: [],
  expand: (value) => ({ value }),
  variable: () => undefined,
});

const FILES = {
  'agents/assistant/AGENT.md': '\n\n# You help.\nAlways.',
  'agents/slow/AGENT.md': '---\nexecution_mode: async\n---\nYou take your time.',
  'agents/remote/AGENT.md': '---\nruntime: http\nhttp: { url: http://10.0.0.1/ }\n---\nx',
};

@Agent({ id: 'code' })
class Code implements AgentHandler {
  run(context: ExecutionContext) {
    return Promise.resolve(context.input);
  }
}

@Global()
@Module({
  providers: [
    { provide: ExecutionsService, useValue: {} },
    { provide: ConversationsReader, useValue: {} },
    { provide: DeadLettersReader, useValue: {} },
    { provide: ExecutionsReader, useValue: {} },
    { provide: Database, useValue: {} },
    { provide: RateLimits, useValue: {} },
    { provide: ExecutionNews, useValue: { listen: () => () => undefined } },
    { provide: Retention, useValue: { register: () => undefined } },
    ExecutionKinds,
    TransitionParticipants,
  ],
  exports: [
    ExecutionsService,
    ConversationsReader,
    DeadLettersReader,
    ExecutionsReader,
    Database,
    RateLimits,
    ExecutionNews,
    Retention,
    ExecutionKinds,
    TransitionParticipants,
  ],
})
class NoExecutions {}

const LONE_SURROGATE = /\p{Surrogate}/u;
const directed = (demo: JsonObject) => ({ message: 'Hi', context: { demo } });

describe('running an agent', () => {
  let handler: ExecutionHandler;

  beforeAll(async () => {
    const defaults = { model: 'demo/echo', executionMode: 'sync', maxRetries: 3, routes: {} } as const;
    const options = { workspace: makeWorkspace(FILES), defaults, agents: [Code] };
    const imports = [NoExecutions, TelemetryModule.forRoot({ metrics: false }), TOOLS, AgentsModule.forRoot(options)];
    const moduleRef = await Test.createTestingModule({ imports }).compile();
    await moduleRef.init();
    const kind = moduleRef.get(ExecutionKinds).find('agent');
    if (!kind) throw new Error('the module did not register the kind "agent"');
    handler = kind.handler;
  });

  /** One run, and what it said to the world. */
  function start(target: string, input: JsonValue, { attempt = 1, signal = new AbortController().signal } = {}) {
    const deltas: { step_id: string; channel: string; index: number; text: string }[] = [];
    const progress: number[] = [];
    const usage: unknown[] = [];
    const events = {
      append: (type: string, data: (typeof deltas)[number], spent?: unknown) => {
        if (type === 'output.delta') deltas.push(data);
        if (spent !== undefined) usage.push(spent);
        return Promise.resolve();
      },
    };
    // What is recorded, and when it is not done again, is the journal's business: test/contract/executions/steps.spec.ts.
    const step: Pick<StepRunner, 'run'> = {
      run: (key, fn) =>
        Promise.resolve(
          fn({
            stepId: 'step_1',
            idempotencyKey: key,
            attempt,
            resumed: false,
            signal,
            tell: (_facts, spent) => void (spent && usage.push(spent)),
          }),
        ),
    };
    const context = {
      step,
      target,
      input,
      attempt,
      turn: 1,
      signal,
      events,
      progress: (percent: number) => progress.push(percent),
      heartbeat: () => undefined,
    };
    return { deltas, progress, usage, result: handler.run(context as unknown as ExecutionContext) };
  }

  describe('on the demo model', () => {
    it('echoes the message, names the agent and its instructions, and says how to get a real model', async () => {
      const { deltas, usage, result } = start('assistant', { message: 'What is up?' });
      const { output } = await result;
      const text = deltas.map((delta) => delta.text).join('');
      expect(output).toEqual({ text });
      expect(text).toContain('You said: What is up?');
      expect(text).toContain('I am "assistant"');
      expect(text).toContain('My instructions begin: # You help.');
      expect(text).toContain('model: { name: provider/model } in agents/assistant/AGENT.md');
      const words = text.split(/\s+/).length;
      expect(usage).toEqual([{ input_tokens: expect.any(Number), output_tokens: words, cost_usd: 0 }]);
    });

    it('gives the same answer to the same input', async () => {
      const [a, b] = [await start('assistant', { a: [1] }).result, await start('assistant', { a: [1] }).result];
      expect(a).toEqual(b);
      expect(a.output).toEqual({ text: expect.stringContaining('You said: {"a":[1]}') });
    });

    it('streams deltas, numbered within one step, that make up the answer, and reports progress', async () => {
      const { deltas, progress, result } = start('assistant', directed({ chunks: 20 }));
      const { output } = await result;
      expect(deltas.map((delta) => delta.index)).toEqual(deltas.map((_, index) => index));
      expect(new Set(deltas.map((delta) => delta.step_id)).size).toBe(1);
      expect(deltas[0]).toMatchObject({ step_id: expect.stringMatching(/^step_/), channel: 'text' });
      expect({ text: deltas.map((delta) => delta.text).join('') }).toEqual(output);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      expect(progress.at(-1)).toBe(100);
    });

    it('never cuts a character in two', async () => {
      const { deltas, result } = start('assistant', { message: '🚚🚚🚚', context: { demo: { chunks: 1000 } } });
      await result;
      expect(deltas.every((delta) => !LONE_SURROGATE.test(delta.text))).toBe(true);
    });

    it.each([
      ['an async agent', 'slow', { message: 'Hi' }],
      ['a message that asks for it', 'assistant', directed({ sleep_ms: 3_600_000 })],
    ])('takes its time for %s, and stops with the reason of the signal', async (_, target, input) => {
      const abort = new AbortController();
      const reason = new Error('cancelled by the test');
      const { deltas, result } = start(target, input, { signal: abort.signal });
      setImmediate(() => abort.abort(reason));
      await expect(result).rejects.toBe(reason);
      expect(deltas).toEqual([]);
    });

    it('says nothing when the signal has aborted before', async () => {
      const reason = new Error('too late');
      const { deltas, result } = start('assistant', { message: 'Hi' }, { signal: AbortSignal.abort(reason) });
      await expect(result).rejects.toBe(reason);
      expect(deltas).toEqual([]);
    });

    it('fails as often as it is asked to', async () => {
      const input = directed({ fail: 'retryable', fail_times: 1 });
      await expect(start('assistant', input, { attempt: 1 }).result).rejects.toMatchObject({ retryable: true });
      await expect(start('assistant', input, { attempt: 2 }).result).resolves.toBeDefined();
      const always = directed({ fail: 'permanent' });
      await expect(start('assistant', always, { attempt: 9 }).result).rejects.toMatchObject({ retryable: false });
    });

    it.each<JsonObject>([{ sleep: 1 }, { chunks: 0 }, { fail: 'maybe' }])(
      'refuses the direction %j for good',
      async (demo) => {
        const refusal = {
          code: 'invalid_input',
          retryable: false,
          message: expect.stringMatching(/^context.demo: /),
        };
        await expect(start('assistant', directed(demo)).result).rejects.toMatchObject(refusal);
      },
    );
  });

  describe('written in code', () => {
    it.each([
      ['an output', 'text', { output: 'text' }],
      ['an object with an output among others', { output: 1, more: 2 }, { output: { output: 1, more: 2 } }],
      ['a result', { output: 1 }, { output: 1 }],
      ['a result with usage', { output: 1, usage: {} }, { output: 1, usage: {} }],
      ['null', null, { output: null }],
      ['nothing', undefined, { output: null }],
    ])('takes %s as its answer', async (_, answer, expected) => {
      expect(await start('code', answer as JsonValue).result).toEqual(expected);
    });
  });

  it.each([
    ['gone', /this worker knows no such agent/],
    ['remote', /10.0.0.1 is not a public address/],
  ])('is left to another worker when this one cannot run it: %s', async (target, message) => {
    const refusal = { code: 'agent_unavailable', retryable: true, message: expect.stringMatching(message) };
    await expect(start(target, null).result).rejects.toMatchObject(refusal);
  });
});
