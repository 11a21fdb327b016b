import { Controller, Injectable, Module } from '@nestjs/common';
import { makeWorkspace } from '@longhaul/config/testing';
import { ConfigurationError } from '@longhaul/kernel';
import { QueueBackend } from '@longhaul/queue';
import type { ExtensionInput } from './extension';
import { queueOf } from './extension.module';
import { loadExtensions } from './load-extensions';

interface BadInput {
  what: string;
  file?: string;
  content?: string;
  name?: ExtensionInput;
  message: string;
  hint: string;
}

// prettier-ignore
const TABLE: BadInput[] = [
  { what: 'a file that is not there', name: './nope.mjs', message: '"./nope.mjs" is not there (looked from ', hint: 'mend the path' },
  { what: 'a package that is not installed', name: 'acme-agents', message: '"acme-agents" is no package that is installed', hint: 'npm install acme-agents' },
  { what: 'a file without ./', name: 'x.js', file: 'x.js', content: '', message: 'is no package', hint: 'write ./x.js' },
  { what: 'TypeScript', name: './x.ts', file: 'x.ts', content: '', message: 'is TypeScript', hint: 'compile it with tsc and name the .js file' },
  { what: 'TypeScript that was not compiled', name: './x.js', file: 'x.ts', content: '', message: 'only a .ts file is', hint: 'compile it with tsc' },
  { what: 'another kind of file', name: './x.json', file: 'x.json', content: '{}', message: 'is no JavaScript', hint: '.mjs or .cjs' },
  { what: 'a file that throws', file: 'x.cjs', content: "throw new Error('no luck')", message: 'threw while it was loaded: no luck at', hint: 'mend the file' },
  { what: 'a file that wants what is not installed', file: 'x.cjs', content: "require('left-pad-of-nobody')", message: "Cannot find module 'left-pad-of-nobody'", hint: 'mend the file' },
  { what: 'a file that is not closed', file: 'x.cjs', content: 'module.exports = {', message: 'threw while it was loaded', hint: 'mend the file' },
  { what: 'an empty file', file: 'x.cjs', content: '', message: 'exports nothing that can be used', hint: '@Module, @Injectable, @Agent' },
  { what: 'functions and plain classes', file: 'x.cjs', content: 'exports.help = () => 1; exports.Plain = class Plain {}', message: 'exports nothing that can be used', hint: 'as default or by name' },
  { what: 'a number in code', name: 5 as unknown as string, message: 'is nothing that Nest knows', hint: 'a dynamic module or a provider' },
  { what: 'a plain class in code', name: class Plain {}, message: 'is nothing that Nest knows', hint: '@Module' },
];

const workspaceWith = (file: string, content: string) => makeWorkspace({ [file]: content });

describe('extensions', () => {
  it.each(TABLE)('refuse $what', ({ file = 'unused', content = '', name, message, hint }) => {
    const workspace = workspaceWith(file, content);
    const error = refusal([name ?? `./${file}`], workspace);
    expect(error.issues).toEqual([
      { path: 'extensions[0]', message: expect.stringContaining(message), hint: expect.stringContaining(hint) },
    ]);
    expect(error.message).toContain('extensions[0]: ');
  });

  it('tell everything that is wrong at once, each by its place in the list', () => {
    const error = refusal(['./a.mjs', class Plain {}], makeWorkspace());
    expect(error.issues?.map(({ path }) => path)).toEqual(['extensions[0]', 'extensions[1]']);
  });

  it('are sorted by what Nest does with them', () => {
    @Injectable()
    class Service {}
    @Module({ providers: [Service] })
    class Part {}
    @Controller('part')
    class Route {}
    const dynamic = { module: Part, providers: [] };
    const value = { provide: 'value', useValue: 1 };
    const loaded = loadExtensions([Service, Part, Route, dynamic, value], makeWorkspace());
    expect(loaded.flatMap(({ providers }) => providers)).toEqual([Service, value]);
    expect(loaded.flatMap(({ modules }) => modules)).toEqual([Part, dynamic]);
    expect(loaded.flatMap(({ controllers }) => controllers)).toEqual([Route]);
  });

  it.each([
    ['by name', 'class A {}; Agent({ id: "a" })(A); module.exports = { A, help: () => 1 };'],
    ['as the one export', 'module.exports = defineAgent({ id: "a" }, () => 1);'],
    ['as a list', 'module.exports = [defineAgent({ id: "a" }, () => 1)];'],
    [
      'as the default of a compiled module',
      'exports.__esModule = true; exports.default = defineAgent({ id: "a" }, () => 1);',
    ],
  ])('may be exported %s', (_how, code) => {
    const workspace = workspaceWith('x.cjs', `const { Agent, defineAgent } = require('longhaul');\n${code}`);
    const [extension] = loadExtensions(['./x.cjs'], workspace);
    expect(extension).toMatchObject({ name: './x.cjs', providers: [expect.any(Function)], modules: [] });
  });

  it('bring one queue at most, which may inject what their modules export', () => {
    class First {}
    class Second {}
    for (const queue of [First, Second]) QueueBackend()(queue as never);
    @Module({ exports: [] })
    class Part {}
    const [one] = loadExtensions([First as never], makeWorkspace());
    expect(one?.providers).toEqual([]);
    expect(queueOf([{ ...one!, modules: [Part] }])).toMatchObject({ useClass: First, imports: [Part] });
    const both = loadExtensions([First as never, Second as never], makeWorkspace());
    expect(() => queueOf(both)).toThrow('several classes with @QueueBackend: First (code), Second (code); keep one');
    expect(queueOf([])).toBeUndefined();
  });
});

function refusal(inputs: ExtensionInput[], workspace: string): ConfigurationError {
  try {
    loadExtensions(inputs, workspace);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
