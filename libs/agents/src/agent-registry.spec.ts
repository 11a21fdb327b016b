import { Global, Injectable, Module, Scope } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { makeWorkspace } from '@longhaul/config/testing';
import { Database } from '@longhaul/database';
import { RateLimits } from '@longhaul/executions';
import { Tool, ToolsModule, type ToolSettings } from '@longhaul/tools';
import { Agent, type AgentHandler } from './agent-handler';
import { AgentRegistry } from './agent-registry';
import { AgentTargets } from './agent-targets';
import { AGENTS_OPTIONS } from './agents-options';
import type { AgentDefaults } from './definition/agent-definition';

const DEFAULTS: AgentDefaults = {
  model: 'demo/echo',
  executionMode: 'sync',
  maxRetries: 3,
  profiles: { slow: { timeoutS: 7200 } },
  routes: { 'research-*': 'research', '*-bot': 'bots', 'a.c': 'never' },
};

@Agent({
  id: 'coder',
  description: 'By code',
  queue: 'code',
  timeoutS: 5,
  maxRetries: 1,
  inputSchema: { type: 'object' },
})
class Coder implements AgentHandler {
  run() {
    return Promise.resolve('done');
  }
}

const toolsOf = (workspace: string): ToolSettings => ({
  workspace,
  allowPrivateCidrs: [],
  expand: (value) => ({ value }),
  variable: () => undefined,
});

/** Nothing is called here. */
@Global()
@Module({
  providers: [
    { provide: Database, useValue: {} },
    { provide: RateLimits, useValue: {} },
  ],
  exports: [Database, RateLimits],
})
class NoDatabase {}

async function registryOf(files: Record<string, string>, agents: (new () => unknown)[] = [], defaults = DEFAULTS) {
  @Module({ providers: agents })
  class Extension {}
  const workspace = makeWorkspace(files);
  const moduleRef = await Test.createTestingModule({
    imports: [DiscoveryModule, NoDatabase, Extension, ToolsModule.forRoot(toolsOf(workspace))],
    providers: [{ provide: AGENTS_OPTIONS, useValue: { workspace, defaults } }, AgentRegistry, AgentTargets],
  }).compile();
  return { registry: moduleRef.get(AgentRegistry), targets: moduleRef.get(AgentTargets) };
}

describe('the agents of a workspace', () => {
  it('have every default filled in', async () => {
    const { registry } = await registryOf({ 'agents/plain/AGENT.md': 'Be plain.' });
    expect(registry.find('plain')).toEqual({
      id: 'plain',
      file: 'agents/plain/AGENT.md',
      displayName: 'plain',
      description: '',
      tags: [],
      version: null,
      enabled: true,
      runtime: 'llm',
      model: 'demo/echo',
      tools: [],
      requiresApproval: false,
      approvalTerms: { onExpiry: 'reject' },
      delegatesTo: [],
      mcpServers: [],
      instructions: 'Be plain.',
      bodyAt: 0,
      body: 'Be plain.',
      executionMode: 'sync',
      queue: 'default',
      priority: 'default',
      inputSchema: null,
      outputSchema: null,
      notifications: {},
      limits: { timeoutS: 3600, deadlineS: 604_800, idleTimeoutS: 1800, maxTurns: 20, maxToolCalls: 50 },
      retries: { maxRetries: 3, backoff: 'exponential', delayS: 1 },
      frontMatter: {},
    });
  });

  it('go to the queue that they name, else to that of the first route that matches, else to default', async () => {
    const { registry } = await registryOf({
      'agents/research-web/AGENT.md': 'x',
      'agents/research-bot/AGENT.md': 'x',
      'agents/chat-bot/AGENT.md': 'x',
      'agents/research-own/AGENT.md': '---\nqueue: own\n---\nx',
      'agents/abc/AGENT.md': 'x',
    });
    expect(registry.list().map((agent) => [agent.id, agent.queue])).toEqual([
      ['abc', 'default'],
      ['chat-bot', 'bots'],
      ['research-bot', 'research'],
      ['research-own', 'own'],
      ['research-web', 'research'],
    ]);
    expect(registry.queues()).toEqual(['bots', 'default', 'never', 'own', 'research']);
  });

  it('tell the lifecycle their queue, limits and back-off in milliseconds', async () => {
    const retries = 'retries: { backoff: fixed, delay_s: 0.25 }';
    const { targets } = await registryOf({
      'agents/a/AGENT.md': `---\nlimits: { timeout_s: 1.5, soft_timeout_s: 1, idle_timeout_s: 0.5 }\n${retries}\nenabled: false\n---\nx`,
    });
    expect(targets.find('a')).toEqual({
      queue: 'default',
      timeoutMs: 1500,
      softTimeoutMs: 1000,
      idleTimeoutMs: 500,
      backoff: { kind: 'fixed', delayMs: 250 },
    });
    expect(targets.find('b')).toBeUndefined();
  });

  it.each([
    ['runtime: http\nhttp: { url: "http://127.0.0.1:9000" }', 'add 127.0.0.0/8 to it if this one is yours'],
    ['model: { name: openai/gpt }', 'model "openai/gpt" needs a key'],
    ['model: { name: llama3 }', 'model "llama3" names no provider, write provider/model'],
    ['runtime: code', "no code agent has its id: export a provider with @Agent({ id: 'a' }) from one of extensions"],
  ])('load and say why they are unavailable with %s', async (line, reason) => {
    const { registry } = await registryOf({ 'agents/a/AGENT.md': `---\n${line}\n---\nx` });
    expect(registry.problems).toEqual([]);
    expect(registry.find('a')?.unavailableReason).toContain(reason);
    expect(registry.warnings).toContainEqual(expect.objectContaining({ path: 'agents/a/AGENT.md:2' }));
  });

  it.each([
    ['nothing to carry it', null, /has no broker to go to: set result_events.transport/],
    [
      'a broker that confirms nothing',
      { transport: 'nats', confirms: false },
      /nats confirms nothing: set result_events/,
    ],
  ])('load, but a result event that is promised makes them unavailable with %s', async (_, resultEvents, reason) => {
    const files = { 'agents/a/AGENT.md': '---\nresult_event: { name: a.done, delivery: at-least-once }\n---\nx' };
    const { registry } = await registryOf(files, [], { ...DEFAULTS, resultEvents });
    expect(registry.find('a')?.unavailableReason).toMatch(reason);
    const message = expect.stringMatching(reason);
    expect(registry.warnings).toEqual([{ path: 'agents/a/AGENT.md:2', message, hint: expect.any(String) }]);
  });

  it('run with a warning when only the best effort was to be made', async () => {
    const files = { 'agents/a/AGENT.md': '---\nname: a\nresult_event: a.done\n---\nx' };
    const { registry } = await registryOf(files);
    expect(registry.find('a')).toMatchObject({ resultEvent: { name: 'a.done', delivery: 'best-effort' } });
    expect(registry.find('a')?.unavailableReason).toBeUndefined();
    const hint = 'until then the agent runs, and nobody is told';
    expect(registry.warnings).toEqual([
      { path: 'agents/a/AGENT.md:3', message: expect.stringMatching(/no broker/), hint },
    ]);
  });

  it('promise a result event without a word where a broker confirms', async () => {
    const written = 'result_event: { name: a.done, failure: a.failed, delivery: at-least-once }';
    const resultEvents = { transport: 'rabbitmq', confirms: true };
    const files = { 'agents/a/AGENT.md': `---\n${written}\n---\nx` };
    const { registry } = await registryOf(files, [], { ...DEFAULTS, resultEvents });
    expect(registry.find('a')?.unavailableReason).toBeUndefined();
    expect(registry.find('a')?.resultEvent).toEqual({ name: 'a.done', failure: 'a.failed', delivery: 'at-least-once' });
    expect(registry.warnings).toEqual([]);
  });

  it('take what they leave out of limits from their profile', async () => {
    const { registry } = await registryOf({
      'agents/a/AGENT.md': '---\nprofile: slow\nlimits: { max_turns: 3 }\n---\nx',
      'agents/b/AGENT.md': '---\nprofile: slow\nlimits: { timeout_s: 5 }\n---\nx',
    });
    expect(registry.list().map((agent) => agent.limits.timeoutS)).toEqual([7200, 5]);
  });

  it('take the rest from the profile named default, also beside another one', async () => {
    const profiles = {
      default: { timeoutS: 60, deadlineS: 600, idleTimeoutS: 20, maxToolCalls: 9, maxTokens: 100 },
      slow: { timeoutS: 7200, maxTurns: 4, maxTokens: 1000 },
    };
    const files = {
      'agents/a/AGENT.md': 'x',
      'agents/b/AGENT.md': '---\nprofile: slow\nlimits: { max_turns: 3 }\n---\nx',
    };
    const { registry } = await registryOf(files, [], { ...DEFAULTS, profiles });
    expect(registry.list().map((agent) => agent.limits)).toEqual([
      { timeoutS: 60, deadlineS: 600, idleTimeoutS: 20, maxTurns: 20, maxToolCalls: 9, maxTokens: 100 },
      { timeoutS: 7200, deadlineS: 600, idleTimeoutS: 20, maxTurns: 3, maxToolCalls: 9, maxTokens: 1000 },
    ]);
  });

  it('do not load with a soft limit that the hard one forestalls, whoever says which', async () => {
    const profiles = { soft: { softTimeoutS: 3600 } };
    @Agent({ id: 'code', softTimeoutS: 2, timeoutS: 2 })
    class Code extends Coder {}
    const files = {
      'agents/a/AGENT.md': '---\nlimits:\n  timeout_s: 5\n  soft_timeout_s: 5\n---\nx',
      'agents/b/AGENT.md': '---\nprofile: soft\n---\nx',
      'agents/c/AGENT.md': '---\nprofile: soft\nlimits: { timeout_s: 3601 }\n---\nx',
    };
    const { registry } = await registryOf(files, [Code], { ...DEFAULTS, profiles });
    expect(registry.list().map((agent) => agent.id)).toEqual(['c']);
    const ends = 'which ends the run for good';
    expect(registry.problems).toMatchObject([
      { path: 'agents/a/AGENT.md:4', message: `soft_timeout_s of 5 is not less than timeout_s of 5, ${ends}` },
      { path: expect.stringContaining('agents/b/AGENT.md'), message: expect.stringContaining('timeout_s of 3600') },
      { path: '@Agent code (Code)', message: expect.stringContaining(ends) },
    ]);
  });

  it('warn of an idle limit that never acts', async () => {
    const { registry } = await registryOf({
      'agents/a/AGENT.md': '---\nlimits: { timeout_s: 5, idle_timeout_s: 5 }\n---\nx',
    });
    expect(registry.warnings).toMatchObject([{ message: expect.stringContaining('idle_timeout_s of 5 never acts') }]);
  });

  it('do not load with a profile that gateway.yaml has not', async () => {
    const { registry } = await registryOf({
      'agents/a/AGENT.md': '---\ntags: []\nprofile: slo\n---\nx',
      'agents/b/AGENT.md': '---\nprofile: toString\n---\nx',
      'agents/c/AGENT.md': 'x',
    });
    expect(registry.list().map((agent) => agent.id)).toEqual(['c']);
    const hint = 'gateway.yaml has: slow';
    expect(registry.problems).toEqual([
      { path: 'agents/a/AGENT.md:3', message: 'unknown profile "slo", did you mean "slow"?', hint },
      { path: 'agents/b/AGENT.md:2', message: 'unknown profile "toString"', hint },
    ]);
  });

  describe('with tools', () => {
    @Injectable()
    class Tools {
      @Tool({ description: 'Customers.', tags: ['reads_private'] })
      customers() {}
      @Tool({ description: 'The web.', tags: ['ingests_untrusted'] })
      browse() {}
      @Tool({ description: 'Mail.', tags: ['sends_out'] })
      mail() {}
    }
    const load = (front: string) => registryOf({ 'agents/a/AGENT.md': `---\n${front}\n---\nx` }, [Tools]);

    it('list each once', async () => {
      const { registry } = await load('tools: [mail, browse, mail]\nrequires_approval: [mail]');
      expect(registry.problems).toEqual([]);
      expect(registry.warnings.filter(({ message }) => message.includes('"tools"'))).toEqual([]);
      expect(registry.find('a')).toMatchObject({ tools: ['mail', 'browse'], requiresApproval: ['mail'] });
    });

    it('do not load with one that is not there', async () => {
      const { registry } = await load('tags: []\ntools: [mai, server__anything]');
      const hint = 'there are: browse, customers, mail, request_approval; write tools/<name>/TOOL.md, or remove it';
      const message = 'unknown tool "mai", did you mean "mail"?';
      expect(registry.problems).toEqual([{ path: 'agents/a/AGENT.md:3', message, hint }]);
      expect(registry.find('a')).toBeUndefined();
    });

    it('do not load when a stranger could have what is private sent to him, unless a person decides', async () => {
      const { registry } = await load('tools: [mail, browse, customers]');
      expect(registry.problems).toEqual([
        {
          path: 'agents/a/AGENT.md:2',
          message: expect.stringMatching(
            /private \(customers\), .* wrote \(browse\) and send something out \(mail\)/,
          ) as string,
          hint: 'write requires_approval: [mail], or give the agent fewer tools',
        },
      ]);
      const decided = await load('tools: [mail, browse, customers]\nrequires_approval: [mail]');
      expect(decided.registry.problems).toEqual([]);
    });

    it('do not load when the passing of time would approve of that', async () => {
      const terms = 'requires_approval: { tools: true, expires_s: 60, on_expiry: approve }';
      const { registry } = await load(`tools: [mail, browse, customers]\n${terms}`);
      expect(registry.problems).toEqual([
        {
          path: 'agents/a/AGENT.md:3',
          message: expect.stringMatching(/on_expiry: approve would have mail send something out/) as string,
          hint: 'write on_expiry: reject, or give the agent fewer tools',
        },
      ]);
      const { registry: harmless } = await load(`tools: [browse, customers]\n${terms}`);
      expect(harmless.problems).toEqual([]);
      expect(harmless.find('a')?.approvalTerms).toEqual({ expiresS: 60, onExpiry: 'approve' });
    });

    it('do not load when they want approval of a tool that they have not', async () => {
      const { registry } = await load('tools: [mail]\nrequires_approval: [mai]');
      expect(registry.problems).toMatchObject([
        { path: 'agents/a/AGENT.md:3', message: 'requires_approval: unknown tool "mai", did you mean "mail"?' },
      ]);
    });

    it('are warned that no model reads them, when there is none', async () => {
      const { registry } = await load('runtime: command\ncommand: { argv: [echo] }\ntools: [mail]');
      expect(registry.warnings).toMatchObject([
        { path: 'agents/a/AGENT.md:4', message: expect.stringContaining('llm only') },
      ]);
    });
  });

  it.each([
    ['model: gpt-4o', 'openai/gpt-4o'],
    ['model: { name: o3-mini }', 'openai/o3-mini'],
    ['model: { name: claude-sonnet-4 }', 'anthropic/claude-sonnet-4'],
    ['model: { name: gemini/gemini-2.0-flash }', 'google/gemini-2.0-flash'],
    ['model: gemini-2.0-flash', 'google/gemini-2.0-flash'],
  ])('take a model as LiteLLM names it, %s, for %s, and say so', async (line, model) => {
    const { registry } = await registryOf({ 'agents/a/AGENT.md': `---\n${line}\n---\nx` });
    expect(registry.find('a')?.model).toBe(model);
    const message = expect.stringMatching(` is read as ${model}$`) as string;
    expect(registry.warnings).toContainEqual({ path: 'agents/a/AGENT.md:2', message, hint: 'write it so' });
  });

  it('keep the model of a provider that somebody configured under that name', async () => {
    const timeouts = { firstTokenTimeoutMs: 1, idleTimeoutMs: 1, timeoutMs: 1 };
    const type = 'openai-compatible' as const;
    const providers = [{ name: 'gemini', type, baseUrl: 'http://127.0.0.1:1/v1', ...timeouts }];
    const files = { 'agents/a/AGENT.md': '---\nmodel: { name: gemini/x, fallback: gpt-4o }\n---\nx' };
    const { registry } = await registryOf(files, [], { ...DEFAULTS, providers });
    expect(registry.find('a')).toMatchObject({ model: 'gemini/x', fallbackModel: 'openai/gpt-4o' });
  });

  it('have a title when their name is none, and may have underscores in their id', async () => {
    const { registry } = await registryOf({ 'agents/math_helper/AGENT.md': '---\nname: Math Helper\n---\nx' });
    expect(registry.find('math_helper')?.displayName).toBe('Math Helper');
    expect(registry.warnings).toEqual([
      {
        path: 'agents/math_helper/AGENT.md:2',
        message: 'name: "Math Helper" is read as a title',
        hint: 'write display_name for it; name is "math_helper" or absent',
      },
    ]);
  });

  it('are warned about when a model would get no instructions', async () => {
    const { registry } = await registryOf({ 'agents/a/AGENT.md': '---\nname: a\n---\n' });
    expect(registry.warnings.map((issue) => issue.message)).toEqual(['has no instructions']);
  });
});

describe('code agents', () => {
  it('are found in any module and described by their decorator', async () => {
    const { registry } = await registryOf({}, [Coder]);
    expect(registry.find('coder')).toMatchObject({
      file: null,
      runtime: 'code',
      description: 'By code',
      queue: 'code',
      limits: { timeoutS: 5 },
      retries: { maxRetries: 1 },
      inputSchema: { type: 'object' },
    });
    expect(registry.handler('coder')).toBeInstanceOf(Coder);
    expect(registry.find('coder')?.unavailableReason).toBeUndefined();
  });

  it('are configured key by key by an AGENT.md with runtime: code', async () => {
    const content = '---\nruntime: code\nqueue: other\nretries: { delay_s: 9 }\nenabled: false\n---\nx';
    const { registry } = await registryOf({ 'agents/coder/AGENT.md': content }, [Coder]);
    expect(registry.problems).toEqual([]);
    expect(registry.find('coder')).toMatchObject({
      file: 'agents/coder/AGENT.md',
      description: 'By code',
      queue: 'other',
      enabled: false,
      limits: { timeoutS: 5 },
      retries: { maxRetries: 1, delayS: 9 },
    });
  });

  it('may say who is told of their ends, which an AGENT.md overrides, and are held to what the gateway has', async () => {
    @Agent({
      id: 'told',
      notifications: { onError: ['webhook', { channel: 'slack', to: '#night' }], onTimeout: [] },
      resultEvent: 'support.told',
    })
    class Told extends Coder {}
    @Agent({ id: 'nobody', notifications: { onComplete: 'pigeon' }, resultEvent: { name: 'a.*', failure: 'b' } })
    class Nobody extends Coder {}
    const { registry } = await registryOf({}, [Told, Nobody]);
    expect(registry.find('told')).toMatchObject({
      notifications: { error: [{ channel: 'webhook' }, { channel: 'slack', to: '#night' }], timeout: [] },
      resultEvent: { name: 'support.told', delivery: 'best-effort' },
    });
    const warned = registry.warnings.filter(({ path }) => path === '@Agent told (Told)');
    expect(warned.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^notifications.on_error: webhook .*: nobody is told$/),
      'notifications.on_error: slack is not configured: nobody is told',
      expect.stringMatching(/^result_event support.told has no broker/),
    ]);
    expect(registry.problems).toMatchObject([{ path: '@Agent nobody (Nobody)' }]);
    const file = { 'agents/told/AGENT.md': '---\nruntime: code\nresult_event: other\n---\nx' };
    const overlaid = (await registryOf(file, [Told])).registry;
    expect(overlaid.find('told')).toMatchObject({ resultEvent: { name: 'other' }, notifications: { timeout: [] } });
  });

  it('may stand beside a directory of their id that has no AGENT.md', async () => {
    const { registry } = await registryOf({ 'agents/coder/fixtures.json': '{}' }, [Coder]);
    expect(registry.find('coder')).toBeDefined();
  });

  it('do not load when an AGENT.md of the same id is an agent of its own', async () => {
    const { registry } = await registryOf({ 'agents/coder/AGENT.md': '---\nname: coder\n---\nx' }, [Coder]);
    expect(registry.list()).toEqual([]);
    expect(registry.problems).toEqual([
      {
        path: 'agents/coder/AGENT.md:2',
        message: 'is an agent of its own, and the code agent Coder has the same id "coder"',
        hint: 'write runtime: code to configure the code agent, or rename one',
      },
    ]);
  });

  it('do not load when their AGENT.md is broken: it may have disabled them', async () => {
    const content = '---\nruntime: code\nenabled: no\n---\nx';
    const { registry } = await registryOf({ 'agents/coder/AGENT.md': content, 'agents/ok/AGENT.md': 'x' }, [Coder]);
    expect(registry.list().map((agent) => agent.id)).toEqual(['ok']);
  });

  it.each([
    ['an id that two have', { id: 'coder' }, /Coder has the same id/],
    ['an id of a wrong form', { id: 'No Good' }, /its id cannot be an agent's/],
    ['a queue of a wrong form', { id: 'x', queue: 'No Good' }, /queue: must be a queue's name/],
    ['an input schema that is none', { id: 'x', inputSchema: { type: 'objekt' } }, /not a JSON Schema/],
  ])('do not load with %s', async (_, options, message) => {
    @Agent(options)
    class Other implements AgentHandler {
      run() {
        return Promise.resolve(null);
      }
    }
    const { registry } = await registryOf({}, [Coder, Other]);
    expect(registry.find(options.id)).toBeUndefined();
    expect(registry.problems).toEqual([
      {
        path: `@Agent ${options.id} (Other)`,
        message: expect.stringMatching(message),
        hint: expect.any(String),
      },
    ]);
  });

  it('do not load when they are not singletons', async () => {
    @Injectable({ scope: Scope.REQUEST })
    @Agent({ id: 'fleeting' })
    class Fleeting extends Coder {}
    const { registry } = await registryOf({}, [Fleeting]);
    expect(registry.problems[0]).toMatchObject({ path: '@Agent fleeting (Fleeting)', message: 'is not a singleton' });
    expect(registry.list()).toEqual([]);
  });
});
