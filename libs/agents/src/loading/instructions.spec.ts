import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { loadAgentFiles } from './load-agent-files';

const instructionsOf = (files: Record<string, string>) =>
  loadAgentFiles(makeWorkspace(files)).agents.map((agent) => agent.instructions);

describe('what a model is told', () => {
  it('is, in this order: AGENTS.md, the context, AGENT.md, the guardrails of all, its own', () => {
    const workspace = makeWorkspace({
      'agents/AGENTS.md': '---\ntitle: for people\n---\nWe are Acme.\n',
      'agents/BEHAVIOR.md': 'Be kind.\n',
      'agents/a/AGENT.md': '---\ncontext: [shared/z.md, ./shared/a.txt]\n---\nYou are A.\n',
      'agents/a/BEHAVIOR.md': 'Never shout.\n',
      'agents/a/context/02.md': 'two\n',
      'agents/a/context/01.md': 'one\n',
      'agents/a/context/picture.png': 'no text',
      'agents/a/context/.draft.md': 'hidden',
      'agents/b/AGENT.md': 'You are B.',
      'shared/z.md': 'zet\n',
      'shared/a.txt': 'ah\n',
    });
    const { agents, problems, warnings } = loadAgentFiles(workspace);
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    const context = [
      '<context file="shared/z.md">\nzet\n</context>',
      '<context file="shared/a.txt">\nah\n</context>',
      '<context file="agents/a/context/01.md">\none\n</context>',
      '<context file="agents/a/context/02.md">\ntwo\n</context>',
    ];
    expect(agents.map((agent) => agent.instructions)).toEqual([
      ['We are Acme.', ...context, 'You are A.', 'Be kind.', 'Never shout.'].join('\n\n'),
      'We are Acme.\n\nYou are B.\n\nBe kind.',
    ]);
    expect(agents.map((agent) => agent.body)).toEqual(['You are A.', 'You are B.']);
  });

  it('has a file once that is listed and lies beside AGENT.md as well', () => {
    const files = {
      'agents/a/AGENT.md': '---\ncontext: [agents/a/context/x.md]\n---\nA',
      'agents/a/context/x.md': 'x',
    };
    expect(instructionsOf(files)).toEqual(['<context file="agents/a/context/x.md">\nx\n</context>\n\nA']);
  });

  it('is the body alone for what is not a model, which is said of its context', () => {
    const head = '---\nruntime: command\ncommand: { argv: [a] }\ncontext: [nowhere.md]\n---\n';
    const workspace = makeWorkspace({ 'agents/AGENTS.md': 'All.', 'agents/a/AGENT.md': `${head}Body.` });
    const { agents, problems, warnings } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.instructions)).toEqual(['Body.']);
    expect(problems).toEqual([]);
    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'agents/a/AGENT.md:4 context: is read for runtime: llm only',
    ]);
  });
});

const UTF16 = Buffer.from('\ufefftext', 'utf16le');

describe('an agent whose context cannot be read', () => {
  it.each<[name: string, item: string, files: Record<string, string | Buffer>, message: RegExp, hint: RegExp]>([
    ['is missing', 'shared/x.md', {}, /shared\/x.md is not there/, /relative to the workspace/],
    ['is absolute', '/etc/passwd', {}, /leads out of the workspace/, /without \.\./],
    ['climbs out', 'a/../../x', {}, /leads out of the workspace/, /without \.\./],
    ['is below a file', 'agents/good/AGENT.md/x', {}, /AGENT.md\/x is not there/, /relative to the workspace/],
    ['holds a NUL', '"x\\0.md"', {}, /holds a NUL/, /anew/],
    ['is a directory', 'shared', { 'shared/y': '' }, /is not a file/, /text file/],
    ['is UTF-16', 'x.md', { 'x.md': UTF16 }, /is UTF-16/, /UTF-8/],
    ['is a picture', 'x.png', { 'x.png': Buffer.from([137, 80, 0, 1]) }, /NUL byte/, /UTF-8 text/],
    ['is too large', 'x.md', { 'x.md': 'x'.repeat(262_145) }, /262145 bytes, at most 262144/, /shorten/],
    ['holds secrets', '.env', { '.env': 'KEY=1' }, /may hold secrets/, /another file/],
    ['holds the settings', './gateway.yaml', { 'gateway.yaml': '' }, /may hold secrets/, /another file/],
    ['is empty', '""', {}, /context\[1\]: at least 1/, /raise/],
  ])('does not load when it %s; the others do', (_, item, files, message, hint) => {
    const workspace = makeWorkspace({
      'fine.md': 'fine',
      'agents/bad/AGENT.md': `---\ncontext:\n  - fine.md\n  - ${item}\n---\nx`,
      'agents/good/AGENT.md': '---\ncontext: [fine.md]\n---\nx',
      ...files,
    });
    const { agents, problems, broken } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.id)).toEqual(['good']);
    expect([...broken]).toEqual(['bad']);
    expect(problems).toEqual([
      {
        path: 'agents/bad/AGENT.md:4',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      },
    ]);
  });

  it.each([
    ['out of the workspace', (secret: string) => join(makeWorkspace({ secret }), 'secret'), /out of the workspace/],
    ['to a hidden file', () => '../.env', /may hold secrets/],
    ['to nothing', () => 'nowhere', /is not there/],
  ])('does not load with a link %s', (_, target, message) => {
    const workspace = makeWorkspace({
      '.env': 'K=1',
      'shared/y': '',
      'agents/bad/AGENT.md': '---\ncontext: [shared/x.md]\n---\nx',
    });
    symlinkSync(target('secret'), join(workspace, 'shared/x.md'));
    const { agents, problems } = loadAgentFiles(workspace);
    expect(agents).toEqual([]);
    expect(problems).toEqual([
      { path: 'agents/bad/AGENT.md:2', message: expect.stringMatching(message), hint: expect.any(String) },
    ]);
  });

  it.each([
    ['agents/bad/context/x.md', UTF16, /UTF-16/],
    ['agents/bad/BEHAVIOR.md', UTF16, /UTF-16/],
    ['agents/bad/BEHAVIOR.md', '---\nnever closed', /never closed/],
  ])('is told of %s by its own name', (file, content, message) => {
    const workspace = makeWorkspace({ 'agents/bad/AGENT.md': 'x', 'agents/good/AGENT.md': 'x', [file]: content });
    const { agents, problems } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.id)).toEqual(['good']);
    expect(problems).toEqual([
      { path: `${file}:1`, message: expect.stringMatching(message), hint: expect.any(String) },
    ]);
  });

  it('does not load with more of it than a model is sent', () => {
    const names = ['1', '2', '3'].map((name) => [`agents/a/context/${name}.md`, 'x'.repeat(200_000)]);
    const workspace = makeWorkspace({ 'agents/a/AGENT.md': 'x', ...(Object.fromEntries(names) as object) });
    expect(loadAgentFiles(workspace).problems).toEqual([
      {
        path: 'agents/a/AGENT.md:1',
        message: expect.stringMatching(/^has 600\d+ bytes .* at most 524288/),
        hint: 'name fewer or shorter files',
      },
    ]);
  });
});

describe.each(['agents/AGENTS.md', 'agents/BEHAVIOR.md'])('when %s cannot be read', (file) => {
  it('no agent with a model loads, said once; those without one do', () => {
    const workspace = makeWorkspace({
      [file]: UTF16,
      'agents/a/AGENT.md': 'x',
      'agents/b/AGENT.md': 'x',
      'agents/c/AGENT.md': '---\nruntime: command\ncommand: { argv: [a] }\n---\n',
    });
    const { agents, problems, broken } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.id)).toEqual(['c']);
    expect([...broken]).toEqual(['a', 'b']);
    expect(problems).toEqual([
      { path: `${file}:1`, message: 'is UTF-16: no agent with a model loads without it', hint: 'save it as UTF-8' },
    ]);
  });
});
