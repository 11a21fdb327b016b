import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { makeWorkspace } from '@longhaul/config/testing';
import { ToolRegistry } from '@longhaul/tools';
import { eventually } from '../../../../test/support/eventually';
import { Agent, type AgentHandler } from '../agent-handler';
import { AgentRegistry } from '../agent-registry';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../agents-options';
import { AgentsWatcher } from './agents-watcher';

const DEFAULTS = { model: 'demo/echo', executionMode: 'sync' as const, maxRetries: 3, routes: {} };
const NO_TOOLS = { provide: ToolRegistry, useValue: { list: () => [] } };
const BROKEN = '---\nexecution_mode: asynch\n---\nx';

@Agent({ id: 'coder', description: 'By code' })
class Coder implements AgentHandler {
  run() {
    return Promise.resolve('done');
  }
}

class Workspace {
  readonly path: string;
  readonly log: string[] = [];
  private module: TestingModule | undefined;

  constructor(files: Record<string, string>) {
    this.path = makeWorkspace(files);
  }

  async start(options: Partial<AgentsModuleOptions> = {}): Promise<AgentRegistry> {
    const log = (line: unknown) => void this.log.push(String(line));
    const useValue = { workspace: this.path, defaults: DEFAULTS, ...options };
    this.module = await Test.createTestingModule({
      imports: [DiscoveryModule],
      providers: [{ provide: AGENTS_OPTIONS, useValue }, NO_TOOLS, AgentRegistry, AgentsWatcher, Coder],
    })
      .setLogger({ log, warn: log, error: log })
      .compile();
    await this.module.init();
    return this.module.get(AgentRegistry);
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true });
    writeFileSync(join(this.path, path), content);
  }

  remove(path: string): void {
    rmSync(join(this.path, path), { recursive: true });
  }

  async stop(): Promise<void> {
    await this.module?.close();
  }
}

let workspace: Workspace;
const make = (files: Record<string, string>) => (workspace = new Workspace(files));
afterEach(() => workspace.stop());

describe('agents that are read again', () => {
  it('are those of the files as they are now', async () => {
    const registry = await make({
      'agents/a/AGENT.md': 'one',
      'agents/b/AGENT.md': 'b',
      'agents/c/AGENT.md': 'c',
    }).start();
    const [a, , c] = registry.list();
    workspace.write('agents/a/AGENT.md', 'two');
    workspace.write('agents/d/AGENT.md', 'd');
    workspace.remove('agents/b');
    expect(registry.find('a')?.instructions).toBe('one');
    expect(registry.reload()).toEqual({ added: ['d'], changed: ['a'], removed: ['b'], kept: [] });
    expect(registry.list().map(({ id }) => id)).toEqual(['a', 'c', 'coder', 'd']);
    expect(registry.find('a')?.instructions).toBe('two');
    // Who holds a definition, such as a run, holds it to the end.
    expect(a?.instructions).toBe('one');
    // What is compiled for it need not be compiled again.
    expect(registry.find('c')).toBe(c);
  });

  it('stay as they were while they do not load, which is a problem until it is mended', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'one', 'agents/b/AGENT.md': 'b' }).start();
    workspace.write('agents/a/AGENT.md', BROKEN);
    expect(registry.reload()).toMatchObject({ changed: [], removed: [], kept: ['a'] });
    expect(registry.find('a')?.instructions).toBe('one');
    expect(registry.problems.map(({ path }) => path)).toEqual(['agents/a/AGENT.md:2']);
    expect(registry.reload()).toMatchObject({ kept: ['a'] });
    workspace.write('agents/a/AGENT.md', 'three');
    expect(registry.reload()).toMatchObject({ changed: ['a'], kept: [] });
    expect(registry.problems).toEqual([]);
  });

  it('stay as they were when what all share does not load, or a profile is none', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'one', 'agents/b/AGENT.md': 'two' }).start();
    workspace.write('agents/b/AGENT.md', '---\nprofile: none\n---\ntwo');
    workspace.write('agents/BEHAVIOR.md', '---\nnever closed');
    expect(registry.reload()).toMatchObject({ removed: [], kept: ['a', 'b'] });
    expect(registry.list().map(({ instructions }) => instructions)).toEqual(['one', 'two', '']);
  });

  it('are configured by an AGENT.md that comes, and by code alone when it goes', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'x' }).start();
    workspace.write('agents/coder/AGENT.md', '---\nruntime: code\nenabled: false\n---\n');
    expect(registry.reload()).toMatchObject({ changed: ['coder'] });
    expect(registry.find('coder')).toMatchObject({ enabled: false, description: 'By code' });
    expect(registry.handler('coder')).toBeInstanceOf(Coder);
    workspace.remove('agents/coder');
    expect(registry.reload()).toMatchObject({ changed: ['coder'] });
    expect(registry.find('coder')?.enabled).toBe(true);
  });
});

describe('with watch', () => {
  const until = (condition: () => boolean) => eventually(condition, { timeoutMs: 20_000 });

  it('a change of AGENT.md, of what lies beside it and of what all share is seen', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'A' }).start({ watch: true });
    const isTold = (text: string) => until(() => registry.find('a')?.instructions === text);
    workspace.write('agents/a/AGENT.md', 'A2');
    await isTold('A2');
    workspace.write('agents/a/context/x.md', 'x');
    await isTold('<context file="agents/a/context/x.md">\nx\n</context>\n\nA2');
    workspace.remove('agents/a/context');
    await isTold('A2');
    workspace.write('agents/AGENTS.md', 'We');
    await isTold('We\n\nA2');
    expect(workspace.log).toContain('agents read again: changed a');
  });

  it('a context file elsewhere is seen, also when an editor puts a new one in its place', async () => {
    const files = { 'agents/a/AGENT.md': '---\ncontext: [shared/deep/x.md]\n---\nA', 'shared/deep/x.md': 'one' };
    const registry = await make(files).start({ watch: true });
    const isTold = (text: string) => until(() => registry.find('a')?.instructions.includes(text) === true);
    workspace.write('shared/deep/x.md', 'two');
    await isTold('two');
    workspace.write('shared/deep/x.md.tmp', 'three');
    renameSync(join(workspace.path, 'shared/deep/x.md.tmp'), join(workspace.path, 'shared/deep/x.md'));
    await isTold('three');
    workspace.write('shared/deep/x.md', 'four');
    await isTold('four');
  });

  it('a context file that was missing is seen when it comes', async () => {
    const files = { 'agents/a/AGENT.md': '---\ncontext: [shared/x.md, ../out.md]\n---\nA', 'shared/y.md': '' };
    const registry = await make(files).start({ watch: true });
    expect(registry.problems).toHaveLength(2);
    workspace.write('shared/x.md', 'x');
    await until(() => registry.problems.length === 1);
    expect([...registry.contextFiles]).toEqual(['shared/x.md']);
  });

  it('a context file that a change lists is seen from then on', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'A', 'x.md': 'one' }).start({ watch: true });
    workspace.write('agents/a/AGENT.md', '---\ncontext: [x.md]\n---\nA');
    await until(() => registry.find('a')?.instructions.includes('one') === true);
    workspace.write('x.md', 'two');
    await until(() => registry.find('a')?.instructions.includes('two') === true);
  });

  it('agents/ may come late, go, and come again', async () => {
    const registry = await make({}).start({ watch: true });
    const ids = () => registry.list().map(({ id }) => id);
    for (const id of ['a', 'b']) {
      workspace.write(`agents/${id}/AGENT.md`, id);
      await until(() => ids().includes(id));
      workspace.remove('agents');
      await until(() => !ids().includes(id));
    }
  });

  it('what does not load is told once with file, line and mend', async () => {
    const registry = await make({ 'agents/a/AGENT.md': 'A' }).start({ watch: true });
    workspace.write('agents/a/AGENT.md', BROKEN);
    await until(() => registry.problems.length === 1);
    workspace.write('agents/b/AGENT.md', 'B');
    await until(() => registry.find('b') !== undefined);
    const line = 'agents/a/AGENT.md:2: execution_mode: expected sync or async, got "asynch"; did you mean "async"?';
    expect(workspace.log.filter((entry) => entry === line)).toHaveLength(1);
    expect(workspace.log).toContain('agents that do not load go on as they were: a');
    expect(registry.find('a')?.instructions).toBe('A');
  });

  it('a queue that no worker serves yet is told', async () => {
    await make({ 'agents/a/AGENT.md': 'A' }).start({ watch: true });
    workspace.write('agents/a/AGENT.md', '---\nqueue: new\n---\nA');
    const line = 'agent "a" goes to the queue "new", which workers serve after a restart only';
    await until(() => workspace.log.includes(line));
  });
});

it('problems and warnings are told at the start', async () => {
  const registry = await make({ 'agents/a/AGENT.md': BROKEN, 'agents/b/AGENT.md': '---\nname: b\n---\n' }).start();
  expect(workspace.log.filter((line) => line.startsWith('agents/'))).toEqual([
    expect.stringMatching(/^agents\/a\/AGENT.md:2: execution_mode/),
    expect.stringMatching(/^agents\/b\/AGENT.md:2: has no instructions/),
  ]);
  expect(registry.list().map(({ id }) => id)).toEqual(['b', 'coder']);
});
