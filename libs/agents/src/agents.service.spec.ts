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
  type SubmitCommand,
} from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import { TelemetryModule } from '@longhaul/telemetry';
import { ToolsModule } from '@longhaul/tools';
import { Agent, type AgentHandler } from './agent-handler';
import { AgentsModule } from './agents.module';
import { AgentsService } from './agents.service';
import type { AgentInput, SubmitRequest } from './submit-request';

const TOOLS = ToolsModule.forRoot({
  workspace: makeWorkspace(),
  allowPrivateCidrs: [],
  expand: (value) => ({ value }),
  variable: () => undefined,
});

const SCHEMA = `input_schema:
  type: object
  required: [subject]
  additionalProperties: false
  properties:
    subject: { type: string, minLength: 1 }
    items: { type: array, items: { type: object, properties: { "a/b": { enum: [x, y] } } } }`;

const FILES = {
  'agents/assistant/AGENT.md': `---\npriority: low\nretries: { max_retries: 2 }\n---\nHelp.`,
  'agents/form/AGENT.md': `---\n${SCHEMA}\n---\nHelp.`,
  'agents/sorter/AGENT.md': `---\nruntime: code\n${SCHEMA}\n---\n`,
  'agents/off/AGENT.md': '---\nenabled: false\n---\nHelp.',
  'agents/remote/AGENT.md': '---\nruntime: http\nhttp: { url: http://10.0.0.1/ }\n---\nHelp.',
};

@Agent({ id: 'sorter' })
class Sorter implements AgentHandler {
  run() {
    return Promise.resolve(null);
  }
}

/** Stands for the lifecycle: keeps what it is asked to accept. */
const accepted: SubmitCommand[] = [];
const executions = {
  submit: (command: SubmitCommand) => {
    accepted.push(command);
    return Promise.resolve({ execution: { id: 'exec_1' }, replayed: false });
  },
};

@Global()
@Module({
  providers: [
    { provide: ExecutionsService, useValue: executions },
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
class FakeExecutions {}

const chat = (): AgentInput => ({ operation: 'chat', message: 'Hi' });
const invoke = (input: SubmitCommand['input']): AgentInput => ({ operation: 'invoke', input });

async function refusal(promise: Promise<unknown>): Promise<LonghaulError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(accepted).toEqual([]);
  if (error instanceof LonghaulError) return error;
  throw new Error('it was not refused', { cause: error });
}

describe('AgentsService', () => {
  let agents: AgentsService;

  beforeAll(async () => {
    const defaults = { model: 'demo/echo', executionMode: 'sync', maxRetries: 3, routes: {} } as const;
    const moduleRef = await Test.createTestingModule({
      imports: [
        FakeExecutions,
        TelemetryModule.forRoot({ metrics: false }),
        TOOLS,
        AgentsModule.forRoot({ workspace: makeWorkspace(FILES), defaults, agents: [Sorter] }),
      ],
    }).compile();
    agents = moduleRef.get(AgentsService);
  });
  beforeEach(() => accepted.splice(0));

  const submit = (agentId: string, input: AgentInput, more: Partial<SubmitRequest> = {}) =>
    agents.submit({ agentId, owner: 'me', input, ...more });

  it("submits with the agent's queue, priority and attempts", async () => {
    const { agent, execution, replayed } = await submit('assistant', chat());
    expect(agent.id).toBe('assistant');
    expect(execution.id).toBe('exec_1');
    expect(replayed).toBe(false);
    expect(accepted).toEqual([
      {
        kind: 'agent',
        isTurn: true,
        target: 'assistant',
        owner: 'me',
        queue: 'default',
        priority: 'low',
        input: { message: 'Hi' },
        metadata: {},
        tags: [],
        maxAttempts: 3,
        delayMs: 0,
        timeoutMs: null,
        deadlineMs: 604_800_000,
      },
    ]);
  });

  it("lets the request's options win", async () => {
    const idempotency = { route: 'chat', key: 'k', bodyHash: 'h' };
    const ids = { conversationId: 'conv_1', correlationId: 'c', traceparent: 't', idempotency };
    const rest = {
      priority: 'high',
      delayS: 1.5,
      timeoutS: 0.1,
      maxRetries: 0,
      metadata: { a: 1 },
      tags: ['x'],
    } as const;
    await submit('assistant', chat(), { ...ids, ...rest, tags: ['x'] });
    expect(accepted[0]).toMatchObject({
      ...ids,
      priority: 'high',
      delayMs: 1500,
      timeoutMs: 100,
      maxAttempts: 1,
      metadata: { a: 1 },
      tags: ['x'],
    });
  });

  it('stores a chat as message and context, and an invoke as its input', async () => {
    await submit('assistant', { operation: 'chat', message: 'Hi', context: { a: 1 } });
    await submit('assistant', invoke([1, null]));
    expect(accepted.map((command) => command.input)).toEqual([{ message: 'Hi', context: { a: 1 } }, [1, null]]);
  });

  it('names the agent that was probably meant', async () => {
    const error = await refusal(submit('asistant', chat()));
    expect(error).toMatchObject({ code: 'not_found', message: 'unknown agent "asistant", did you mean "assistant"?' });
    expect(() => agents.get('../../etc/passwd')).toThrow('unknown agent');
  });

  it('lists all agents, also those that take nothing now', () => {
    expect(agents.catalogue().map((agent) => agent.id)).toEqual(['assistant', 'form', 'off', 'remote', 'sorter']);
  });

  it('refuses for an agent that is disabled, and says where to enable it', async () => {
    const error = await refusal(submit('off', chat()));
    expect(error).toMatchObject({ code: 'agent_disabled' });
    expect(error.message).toContain('agents/off/AGENT.md');
  });

  it('refuses for an agent that cannot run, and says why', async () => {
    const error = await refusal(submit('remote', chat()));
    expect(error).toMatchObject({ code: 'agent_unavailable' });
    expect(error.message).toContain('host 10.0.0.1 is not a public address');
  });

  it("names every place of an invoke's input that does not fit the schema", async () => {
    const error = await refusal(submit('form', invoke({ subjekt: 1, items: [{ 'a/b': 'z' }] })));
    expect(error.code).toBe('invalid_request');
    expect(error.issues).toEqual([
      { path: 'input.subject', message: 'is required' },
      { path: 'input.subjekt', message: 'unknown field "subjekt", did you mean "subject"?' },
      { path: 'input.items[0].a/b', message: 'expected one of x, y' },
    ]);
  });

  it.each([
    [5, 'input', 'expected object, got number'],
    [null, 'input', 'expected object, got null'],
    [{ subject: '' }, 'input.subject', 'must NOT have fewer than 1 characters'],
    [{ subject: ['a'] }, 'input.subject', 'expected string, got array'],
  ])('refuses the input %j', async (input, path, message) => {
    expect((await refusal(submit('form', invoke(input)))).issues).toEqual([{ path, message }]);
  });

  it('tells at most twenty things', async () => {
    const items = Array.from({ length: 1000 }, () => 1);
    expect((await refusal(submit('form', invoke({ subject: 'a', items })))).issues).toHaveLength(20);
  });

  it("lets a model be chatted with whatever its schema, but keeps from code what is not its input's form", async () => {
    await submit('form', chat());
    accepted.splice(0);
    const error = await refusal(submit('sorter', chat()));
    expect(error.issues?.map((issue) => issue.path)).toEqual(['subject', 'message']);
    expect(error.message).toContain('/v1/agents/sorter/invoke');
    await submit('sorter', invoke({ subject: 'a' }));
  });

  it.each([
    [{ timeoutS: 0.05 }, 'timeout_s', 'expected a number from 0.1 to 86400, got 0.05'],
    [{ timeoutS: NaN }, 'timeout_s', 'got NaN'],
    [{ timeoutS: 86_401 }, 'timeout_s', 'got 86401'],
    [{ delayS: -1 }, 'delay_s', 'expected a number from 0 to 2592000, got -1'],
    [{ maxRetries: 1.5 }, 'max_retries', 'expected a whole number from 0 to 100, got 1.5'],
    [{ maxRetries: 101 }, 'max_retries', 'got 101'],
  ])('refuses %j with the range', async (options, path, message) => {
    const { issues } = await refusal(submit('assistant', chat(), options));
    expect(issues).toEqual([{ path, message: expect.stringContaining(message) }]);
  });
});
