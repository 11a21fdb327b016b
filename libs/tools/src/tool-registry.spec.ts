import { ConsoleLogger, Injectable, Module, Scope } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { makeWorkspace } from '@longhaul/config/testing';
import type { JsonObject } from '@longhaul/kernel';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkArguments } from './check-arguments';
import { Tool } from './code/tool-decorator';
import type { ToolCall } from './tool';
import { ToolRegistry } from './tool-registry';
import { eventually } from '../../../test/support/eventually';
import { ToolsWatcher } from './reload/tools-watcher';
import { TOOLS_OPTIONS } from './tools-options';
import { HttpToolKind } from './kinds/http/http-tool-kind';
import { TOOL_KINDS, type ToolKind } from './kinds/tool-kind';

const PLACE = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

@Injectable()
class Weather {
  private readonly unit = '°C';

  @Tool({ description: 'The weather.', parameters: PLACE, effects: 'repeatable', tags: ['ingests_untrusted'] })
  weather({ city }: { city: string }, { executionId }: ToolCall) {
    return `${city}: 21 ${this.unit}, ${executionId}`;
  }

  @Tool({ name: 'forget-it', description: 'Forgets.', requiresApproval: true, timeoutS: 2 })
  forget() {}

  ordinary() {}
}

const FILE =
  '---\ndescription: Finds a page.\nkind: http\nhttp: { url: "https://a.example/" }\n---\nUse it sparingly.\n';

const made: TestingModule[] = [];
afterEach(async () => {
  for (const one of made.splice(0)) await one.close();
});

async function registryOf(files: Record<string, string>, providers: unknown[] = [], watch = false) {
  @Module({ providers: providers as never })
  class Extension {}
  const workspace = makeWorkspace(files);
  const settings = {
    workspace,
    watch,
    allowPrivateCidrs: [],
    expand: (text: string) =>
      text === '${ODD}/x'
        ? { value: 'https://a<b/x' }
        : text.includes('${NONE}')
          ? { message: 'the variable NONE is not set', hint: 'set NONE' }
          : { value: text },
    variable: () => undefined,
  };
  const moduleRef = await Test.createTestingModule({
    imports: [DiscoveryModule, Extension],
    providers: [
      { provide: TOOLS_OPTIONS, useValue: settings },
      HttpToolKind,
      { provide: TOOL_KINDS, useFactory: (...kinds: ToolKind[]) => kinds, inject: [HttpToolKind] },
      ToolRegistry,
      ToolsWatcher,
    ],
  })
    .setLogger(new ConsoleLogger({ logLevels: [] }))
    .compile();
  made.push(moduleRef);
  await moduleRef.init();
  return { registry: moduleRef.get(ToolRegistry), workspace };
}

const call = { executionId: 'exec_1' } as ToolCall;

describe('the tools of files and code', () => {
  it('are one list by name, with every default filled in', async () => {
    const { registry } = await registryOf({ 'tools/page/TOOL.md': FILE }, [Weather]);
    expect(registry.list().map(({ definition }) => definition.name)).toEqual(['forget-it', 'page', 'weather']);
    expect(registry.problems).toEqual([]);
    expect(registry.find('page')?.definition).toEqual({
      name: 'page',
      description: 'Finds a page.\n\nUse it sparingly.',
      parameters: { type: 'object', properties: {}, additionalProperties: false },
      effects: 'repeatable',
      tags: ['ingests_untrusted', 'sends_out'],
      requiresApproval: false,
      timeoutMs: 30_000,
      maxResultChars: 20_000,
      kind: 'http',
      file: 'tools/page/TOOL.md',
    });
    expect(registry.find('forget-it')?.definition).toMatchObject({
      effects: 'at_most_once',
      tags: [],
      requiresApproval: true,
      timeoutMs: 2_000,
      kind: 'code',
      file: null,
    });
    expect(registry.find('ordinary')).toBeUndefined();
  });

  it('call the method of the provider, which may answer nothing', async () => {
    const { registry } = await registryOf({}, [Weather]);
    await expect(registry.find('weather')?.run({ city: 'Oslo' }, call)).resolves.toBe('Oslo: 21 °C, exec_1');
    await expect(registry.find('forget-it')?.run({}, call)).resolves.toBeNull();
  });

  it('are found on what a factory made, and once where it has two tokens', async () => {
    const { registry } = await registryOf({}, [
      { provide: 'made', useFactory: () => new Weather() },
      { provide: 'again', useExisting: 'made' },
    ]);
    expect(registry.problems).toEqual([]);
    await expect(registry.find('weather')?.run({ city: 'Rome' }, call)).resolves.toContain('Rome');
  });

  it('are left out, both of them, where they have the same name, and each names the other', async () => {
    const { registry } = await registryOf({ 'tools/weather/TOOL.md': FILE, 'tools/page/TOOL.md': FILE }, [Weather]);
    expect(registry.find('weather')).toBeUndefined();
    expect(registry.find('page')).toBeDefined();
    expect(registry.problems).toEqual([
      expect.objectContaining({
        path: '@Tool weather (Weather.weather)',
        message: expect.stringContaining('tools/weather/TOOL.md') as string,
      }),
      expect.objectContaining({
        path: 'tools/weather/TOOL.md:2',
        message: expect.stringContaining('(Weather.weather)') as string,
      }),
    ]);
  });

  it('are of one name each also in code', async () => {
    class Twin {
      @Tool({ name: 'weather', description: 'Another.' })
      other() {}
    }
    const { registry } = await registryOf({}, [Weather, Twin]);
    expect(registry.find('weather')).toBeUndefined();
    expect(registry.problems.map(({ path }) => path)).toEqual([
      '@Tool weather (Weather.weather)',
      '@Tool weather (Twin.other)',
    ]);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a name with blanks', { name: 'a b', description: 'x' }, /cannot be a tool's name/],
    ['a name like that of an MCP tool', { name: 'a__b', description: 'x' }, /cannot be a tool's name/],
    ['no description', {}, /description: expected a sentence/],
    ['parameters of no object', { description: 'x', parameters: { type: 'array' } }, /schema of an object/],
    ['unknown effects', { description: 'x', effects: 'never' }, /effects: got "never"/],
    ['an unknown tag', { description: 'x', tags: ['private'] }, /tags: got "private"/],
    ['a time of 0', { description: 'x', timeoutS: 0 }, /timeoutS: at least 1, got 0/],
    ['a rate of another form', { description: 'x', rateLimit: '10' }, /rateLimit: expected a rate such as "10\/m"/],
    ['a batch of half a call', { description: 'x', batch: { max: 0.5 } }, /batch.max: a whole number from 1, got 0.5/],
    ['a batch that waits for ever', { description: 'x', batch: { waitMs: 1e9 } }, /batch.waitMs: from 0 to 1000/],
  ])('in code with %s are a problem, and the others are there', async (_, options, message) => {
    class Bad {
      @Tool(options as never)
      bad() {}
    }
    const { registry } = await registryOf({}, [Weather, Bad]);
    expect(registry.list().map(({ definition }) => definition.name)).toEqual(['forget-it', 'weather']);
    expect(registry.problems).toEqual([expect.objectContaining({ message: expect.stringMatching(message) as string })]);
  });

  it('in code are singletons', async () => {
    @Injectable({ scope: Scope.TRANSIENT })
    class Scoped {
      @Tool({ description: 'x' })
      scoped() {}
    }
    const { registry } = await registryOf({}, [Scoped]);
    expect(registry.problems).toEqual([
      expect.objectContaining({ path: '@Tool scoped (Scoped.scoped)', hint: 'remove its scope' }),
    ]);
  });

  it('that are disabled, or lack a variable, are listed and cannot be called', async () => {
    const { registry } = await registryOf({
      'tools/off/TOOL.md': FILE.replace('---\n', '---\nenabled: false\n'),
      'tools/poor/TOOL.md': FILE.replace('{ url: ', '{ headers: { Authorization: "Bearer ${NONE}" }, url: '),
      'tools/odd/TOOL.md': FILE.replace('https://a.example/', '${ODD}/x'),
    });
    expect(registry.find('odd')?.definition.unavailableReason).toMatch(/http.url: expected an absolute URL/);
    expect(registry.find('off')?.definition.unavailableReason).toMatch(/disabled.*tools\/off\/TOOL.md/);
    expect(registry.find('poor')?.definition.unavailableReason).toMatch(
      /http.headers.Authorization: the variable NONE is not set/,
    );
    expect(registry.warnings.map(({ path }) => path)).toEqual(['tools/odd/TOOL.md:4', 'tools/poor/TOOL.md:4']);
    await expect(registry.find('off')?.run({}, call)).rejects.toMatchObject({
      code: 'tool_unavailable',
      retryable: false,
    });
  });

  it('come from other sources too, which replace all of theirs at once', async () => {
    const { registry } = await registryOf({}, [Weather]);
    const weather = registry.find('weather')!.definition;
    const placed = (name: string) => ({
      place: `mcp ${name}`,
      tool: {
        definition: { ...weather, name, kind: 'mcp' },
        run: () => Promise.resolve(name),
      },
    });
    const none = { problems: [], warnings: [] };
    registry.publish('mcp:a', { tools: [placed('a__x'), placed('weather')], ...none });
    expect(registry.list().map(({ definition }) => definition.name)).toEqual(['a__x', 'forget-it']);
    registry.publish('mcp:a', { tools: [placed('a__y')], ...none });
    expect(registry.list().map(({ definition }) => definition.name)).toEqual(['a__y', 'forget-it', 'weather']);
  });

  it('of files are read again; one that does not load stays as it was, one that is gone is gone', async () => {
    const { registry, workspace } = await registryOf({ 'tools/page/TOOL.md': FILE, 'tools/other/TOOL.md': FILE });
    const write = (text: string) => writeFileSync(join(workspace, 'tools/page/TOOL.md'), text);
    write(FILE.replace('Finds', 'Reads'));
    registry.reload();
    expect(registry.find('page')?.definition.description).toMatch(/^Reads/);
    write('---\nkind: htp\n---\n');
    registry.reload();
    expect(registry.find('page')?.definition.description).toMatch(/^Reads/);
    expect(registry.problems.map(({ path }) => path)).toContain('tools/page/TOOL.md:2');
    rmSync(join(workspace, 'tools/page'), { recursive: true });
    registry.reload();
    expect([registry.find('page'), registry.problems]).toEqual([undefined, []]);
    expect(registry.find('other')).toBeDefined();
  });

  it('are read again when their files change, with watch', async () => {
    const { registry, workspace } = await registryOf({}, [], true);
    const isThere = (name: string) => eventually(() => registry.find(name) !== undefined, { timeoutMs: 20_000 });
    for (const name of ['first', 'second']) {
      mkdirSync(join(workspace, 'tools', name), { recursive: true });
      writeFileSync(join(workspace, 'tools', name, 'TOOL.md'), FILE);
      await isThere(name);
    }
  });
});

describe('the arguments of a call', () => {
  it.each<[string, unknown, string[]]>([
    ['that fit', { city: 'Oslo' }, []],
    ['that lack one', {}, ['arguments.city is required']],
    ['of another type', { city: 5 }, ['arguments.city expected string, got number']],
    ['with one that is unknown', { city: 'Oslo', cty: 1 }, ['arguments.cty unknown field "cty", did you mean "city"?']],
    ['that are no object', 'Oslo', ['arguments expected object, got string']],
  ])('%s', (_, args, expected) => {
    const issues = checkArguments({ parameters: PLACE }, args as JsonObject);
    expect(issues.map(({ path, message }) => `${path} ${message}`)).toEqual(expected);
  });
});
