import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { loadAgentFiles } from './load-agent-files';

const bomb = Array.from(
  { length: 9 },
  (_, i) =>
    `l${i}: &l${i} [${
      i === 0
        ? 'x'
        : Array(9)
            .fill(`*l${i - 1}`)
            .join(',')
    }]`,
);

/** The lines of a command begin at line 4. */
function commandFile(lines: string, more = ''): string {
  return `---\nruntime: command\ncommand:\n${lines}\n${more}\n---\n`;
}

/** What is written, where the problem is said to be, what it says, and the mend. */
const ROWS: [name: string, content: string | Buffer, line: number, message: RegExp, hint: RegExp][] = [
  ['---js', '---js\n{}\n---\nx', 1, /opens with "---js"/, /--- alone/],
  ['--- yaml', '--- yaml\na: 1\n---\nx', 1, /opens with "--- yaml"/, /--- alone/],
  ['an unclosed fence', '---\nname: bad\n\nText', 1, /never closed/, /a line ---/],
  ['an alias bomb', `---\n${bomb.join('\n')}\n---\nx`, 5, /more than 20 YAML aliases/, /write the values out/],
  ['an alias without an anchor', '---\ntags: *none\n---\nx', 2, /\*none has no anchor/, /quote the text/],
  ['a duplicate key', '---\nname: bad\nname: bad\n---\nx', 3, /unique/, /keep one/],
  ['a tab', '---\nmodel:\n\tname: demo/echo\n---\nx', 3, /tab/i, /spaces/],
  ['an unknown tag', '---\nname: !!js/function x\n---\nx', 2, /tag/, /correct the YAML/],
  ['deep nesting', `---\ntags: ${'['.repeat(30_000)}\n---\nx`, 2, /nested too deeply|call stack/, /flatten/],
  ['__proto__', '---\n__proto__: { enabled: false }\n---\nx', 2, /unknown field "__proto__"/, /known here/],
  ['a list', '---\n- a\n---\nx', 2, /not a list of "key: value"/, /description:/],
  ['UTF-16', Buffer.from('\ufeff---\nname: bad\n---\n', 'utf16le'), 1, /UTF-16/, /UTF-8/],
  ['UTF-16 without a mark', Buffer.from('---\nname: bad\n---\n', 'utf16le'), 1, /NUL/, /UTF-8/],
  ['a NUL byte', '---\nname: bad\n---\nx\0', 4, /NUL/, /UTF-8/],
  ['Latin-1', Buffer.from('---\nname: b\xe4d\n---\n', 'latin1'), 1, /not UTF-8/, /save it as UTF-8/],
  ['65 KB', 'x'.repeat(65 * 1024), 1, /66560 bytes, at most 65536/, /shorten/],
  ['another name', '---\nname: good\n---\nx', 2, /the directory's name "bad", got "good"/, /name: bad/],
  [
    'an unknown key',
    '---\ntags: [a]\ndesciption: x\n---\n',
    3,
    /unknown field "desciption", did you mean "description"/,
    /known here/,
  ],
  [
    'an unknown nested key',
    '---\nlimits:\n  timeout: 5\n---\n',
    3,
    /"limits.timeout", did you mean "limits.timeout_s"/,
    /timeout_s/,
  ],
  [
    'execution_mode: asynch',
    '---\nexecution_mode: asynch\n---\n',
    2,
    /expected sync or async, got "asynch"/,
    /did you mean "async"/,
  ],
  [
    'an approval without a time',
    '---\nrequires_approval: { on_expiry: approve }\n---\n',
    2,
    /requires_approval: expected true, false, a list of tools, or \{tools, expires_s/,
    /./,
  ],
  [
    'an approval that somebody else gives',
    '---\nrequires_approval: { expires_s: 60, on_expiry: ask_again }\n---\n',
    2,
    /on_expiry: reject or approve/,
    /./,
  ],
  ['priority: urgent', '---\npriority: urgent\n---\n', 2, /got "urgent"/, /high, default, low/],
  ['budget -5', '---\nbudget:\n  usd_per_run: -5\n---\n', 3, /budget.usd_per_run: at least 0, got -5/, /raise it to 0/],
  ['a bare budget of -5', '---\nbudget: -5\n---\n', 2, /budget: expected object, got -5/, /budget: { usd_per_run: … }/],
  ['a model that is a list', '---\nmodel: [demo/echo]\n---\n', 2, /model: expected object/, /model: { name: … }/],
  ['a model without a name', '---\nmodel: ""\n---\n', 2, /model.name: at least 1/, /raise/],
  ['enabled: yes', '---\nenabled: yes\n---\n', 2, /enabled: expected boolean, got "yes"/, /true or false/],
  ['a time limit of -1', '---\nlimits: { timeout_s: -1 }\n---\n', 2, /at least 0.1, got -1/, /0.1/],
  ['a time limit that is no number', '---\nlimits: { timeout_s: .nan }\n---\n', 2, /expected number/, /number/],
  ['a soft limit of 0', '---\nlimits: { soft_timeout_s: 0 }\n---\n', 2, /at least 0.1, got 0/, /0.1/],
  ['an idle limit of -5', '---\nlimits: { idle_timeout_s: -5 }\n---\n', 2, /at least 0.1, got -5/, /0.1/],
  ['an endless deadline', '---\nlimits: { deadline_s: .inf }\n---\n', 2, /expected number/, /number/],
  ['a deadline in two years', '---\nlimits: { deadline_s: 63072000 }\n---\n', 2, /at most 31536000/, /31536000/],
  ['half a retry', '---\nretries: { max_retries: 1.5 }\n---\n', 2, /expected int.*1.5/, /whole number/],
  ['a queue with a dot', '---\nqueue: a.b\n---\n', 2, /queue: must be a queue's name/, /correct/],
  [
    'a schedule without cron',
    '---\nschedules:\n  - name: a\n---\n',
    3,
    /schedules\[0\].cron: expected string, got nothing/,
    /string/,
  ],
  ['a rate limit of a wrong form', '---\nrate_limit: [1]\n---\n', 2, /rate_limit: expected a rate/, /correct/],
  [
    'a result event with a wildcard',
    '---\nresult_event: support.*\n---\n',
    2,
    /result_event.name: must be letters/,
    /correct/,
  ],
  [
    'a result event without a name',
    '---\nresult_event: { failure: a.b }\n---\n',
    2,
    /result_event.name: expected string/,
    /string/,
  ],
  [
    'a result event that is delivered somehow',
    '---\nresult_event: { name: a.b, delivery: exactly-once }\n---\n',
    2,
    /expected best-effort or at-least-once, got "exactly-once"/,
    /write one of/,
  ],
  [
    'an unknown key of a result event',
    '---\nresult_event: { name: a, failed: b }\n---\n',
    2,
    /unknown field/,
    /failure/,
  ],
  ['a file: address', '---\nhttp: { url: "file:///etc/passwd" }\n---\n', 2, /http.url/, /correct/],
  ['an HTTP agent without a URL', '---\ndescription: x\nruntime: http\n---\n', 3, /http: is required/, /http: \{ url/],
  [
    'a header of ours',
    '---\nhttp: { url: "http://a.example", headers: { Host: x } }\n---\n',
    2,
    /header Host/,
    /correct/,
  ],
  ['no header', '---\nhttp: { url: "http://a.example", headers: { "a b": x } }\n---\n', 2, /header a b/, /correct/],
  [
    'an unknown key of http',
    '---\nhttp: { url: "http://a.example", timeout: 5 }\n---\n',
    2,
    /did you mean "http.timeout_s"/,
    /timeout_s/,
  ],
  [
    'a schema that is none',
    '---\ninput_schema: { type: objekt }\n---\n',
    2,
    /input_schema: is not a JSON Schema/,
    /json-schema.org/,
  ],
  [
    'a schema from elsewhere',
    '---\ninput_schema: { $ref: "https://example.com/x" }\n---\n',
    2,
    /can't resolve/,
    /json-schema/,
  ],
  ['a command without argv', '---\nruntime: command\n---\n', 2, /runtime: command needs command.argv/, /argv: \[/],
  ['an empty argv', commandFile('  argv: []'), 4, /command.argv: at least 1/, /raise/],
  [
    'a command as a shell line',
    commandFile('  argv: npm test'),
    4,
    /command.argv: expected array, got "npm test"/,
    /\[ … \]/,
  ],
  ['a program without a name', commandFile('  argv: [""]'), 4, /argv\[0\]: names no program/, /name or path/],
  [
    'a program from the input',
    commandFile('  argv: ["{{input.x}}"]'),
    4,
    /cannot come from the input/,
    /write the program out/,
  ],
  [
    'a search path from the input',
    commandFile('  argv: [a]\n  env:\n    PATH: "/opt/{{input.x}}"'),
    6,
    /command\.env\.PATH: cannot come from the input, it decides what is run/,
    /write it out/,
  ],
  [
    'a placeholder of another thing',
    commandFile('  argv:\n    - a\n    - "{{env.HOME}}"'),
    6,
    /unknown placeholder \{\{env.HOME\}\}/,
    /\{\{input.name\}\}/,
  ],
  [
    'a placeholder with brackets',
    commandFile('  argv: [a]\n  env:\n    X: "{{input.a[0]}}"'),
    6,
    /unknown placeholder \{\{input.a\[0\]\}\}/,
    /\{\{input.items.0.name\}\}/,
  ],
  [
    'a placeholder that the schema rules out',
    commandFile(
      '  argv: [a, "{{input.nam}}"]',
      'input_schema: { properties: { name: {} }, additionalProperties: false }',
    ),
    4,
    /\{\{input.nam\}\} is not in input_schema/,
    /did you mean "name"/,
  ],
  [
    'a placeholder that is an object',
    commandFile('  argv: [a, "{{input.o}}"]', 'input_schema: { properties: { o: { type: object } }, required: [o] }'),
    4,
    /\{\{input.o\}\} is an object/,
    /object.field/,
  ],
  [
    'a cwd out of the workspace',
    commandFile('  argv: [a]\n  cwd: x/../../y'),
    5,
    /cwd: leads out of the workspace/,
    /without \.\./,
  ],
  ['an absolute cwd', commandFile('  argv: [a]\n  cwd: /etc'), 5, /cwd: leads out of the workspace/, /relative/],
  [
    'a cwd from the input',
    commandFile('  argv: [a]\n  cwd: "{{input.x}}"'),
    5,
    /cwd: cannot come from the input/,
    /write it out/,
  ],
  [
    'a pattern that does not compile',
    commandFile('  argv: [a]\n  progress_pattern: "(\\\\d+"'),
    5,
    /progress_pattern: is not a regular expression .*Unterminated group/,
    /correct/,
  ],
  ['a pattern without a group', commandFile('  argv: [a]\n  progress_pattern: "%"'), 5, /needs a group/, /correct/],
  [
    "a variable's name with a dash",
    commandFile('  argv: [a]\n  env_allow: [a-b]'),
    5,
    /env_allow\[0\]: must be a variable's name/,
    /correct/,
  ],
  [
    'a variable that is ours',
    commandFile('  argv: [a]\n  env_allow: [LONGHAUL_RUN_ID]'),
    5,
    /is set by the gateway or the shell/,
    /correct/,
  ],
  [
    'a variable that is a number',
    commandFile('  argv: [a]\n  env:\n    A: 1'),
    6,
    /command.env.A: expected string, got 1/,
    /write a string/,
  ],
  [
    'a grace longer than a run may take to stop',
    commandFile('  argv: [a]\n  kill_grace_s: 5'),
    5,
    /at most 4, got 5/,
    /lower it to 4/,
  ],
  ['exit code 0 as a failure', commandFile('  argv: [a]\n  retry_exit_codes: [0]'), 5, /at least 1, got 0/, /raise/],
];

describe('an AGENT.md that does not load', () => {
  it.each(ROWS)('%s is told with file, line and mend, and the others load', (_, content, line, message, hint) => {
    const workspace = makeWorkspace({ 'agents/bad/AGENT.md': content, 'agents/good/AGENT.md': 'You are good.' });
    const { agents, problems, broken } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.id)).toEqual(['good']);
    expect([...broken]).toEqual(['bad']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toEqual({
      path: `agents/bad/AGENT.md:${line}`,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it('is told with all that is wrong in it at once', () => {
    const content = '---\nenabled: 1\nqueue: A\nnonsense: 1\n---\n';
    const { problems } = loadAgentFiles(makeWorkspace({ 'agents/bad/AGENT.md': content }));
    expect(problems.map((issue) => issue.path).sort()).toEqual([2, 3, 4].map((line) => `agents/bad/AGENT.md:${line}`));
  });

  it.each(['Bad', 'a b', 'a.b', 'x'.repeat(65), '-a', '_a', 'ünder'])('is in a directory called %s', (id) => {
    const { problems } = loadAgentFiles(makeWorkspace({ [`agents/${id}/AGENT.md`]: 'x' }));
    expect(problems[0]?.message).toContain("cannot be an agent's id");
    expect(problems[0]?.hint).toContain('lower-case letters');
  });

  it.each([
    [
      'a file link out of the workspace',
      (agents: string, away: string) => symlinkSync(`${away}/AGENT.md`, `${agents}/bad/AGENT.md`),
      /out of the workspace/,
    ],
    ['a link to nothing', (agents: string) => symlinkSync('nowhere', `${agents}/bad/AGENT.md`), /not there/],
    ['a link to itself', (agents: string) => symlinkSync('AGENT.md', `${agents}/bad/AGENT.md`), /not there/],
    ['a directory', (agents: string) => mkdirSync(`${agents}/bad/AGENT.md`), /not a file/],
    ['a pipe', (agents: string) => void execFileSync('/usr/bin/mkfifo', [`${agents}/bad/AGENT.md`]), /not a file/],
  ])('is %s', (_, make, message) => {
    const workspace = makeWorkspace({ 'agents/bad/note.txt': '', 'agents/good/AGENT.md': 'x' });
    make(join(workspace, 'agents'), makeWorkspace({ 'AGENT.md': 'secret' }));
    const { agents, problems } = loadAgentFiles(workspace);
    expect(agents.map((agent) => agent.id)).toEqual(['good']);
    expect(problems).toEqual([
      {
        path: 'agents/bad/AGENT.md:1',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      },
    ]);
  });

  it('is in a directory that is a link out of the workspace', () => {
    const workspace = makeWorkspace({ 'agents/good/AGENT.md': 'x' });
    symlinkSync(makeWorkspace({ 'AGENT.md': 'secret' }), join(workspace, 'agents', 'bad'));
    expect(loadAgentFiles(workspace).problems[0]?.message).toContain('out of the workspace');
  });
});

describe('an AGENT.md that loads', () => {
  it('may be a link within the workspace', () => {
    const workspace = makeWorkspace({ 'shared.md': 'Shared.', 'agents/a/note.txt': '' });
    symlinkSync('../../shared.md', join(workspace, 'agents/a/AGENT.md'));
    expect(loadAgentFiles(workspace).agents[0]?.instructions).toBe('Shared.');
  });

  it('may be in a workspace that is itself reached through a link', () => {
    const workspace = makeWorkspace({ 'agents/a/AGENT.md': 'x' });
    const link = join(makeWorkspace(), 'link');
    symlinkSync(workspace, link);
    expect(loadAgentFiles(link).problems).toEqual([]);
  });

  it.each([
    ['without front matter', 'You are good.', 'You are good.'],
    ['with an empty one', '---\n---\nYou are good.', 'You are good.'],
    ['with keys that have no value', '---\ndescription:\ninput_schema: null\n---\nYou are good.', 'You are good.'],
    ['with a byte order mark and CRLF', '\ufeff---\r\nname: a\r\n---\r\nYou are\r\ngood.\r\n', 'You are\ngood.'],
    ['with a rule below its front matter', '---\nname: a\n---\nYou are\n---\ngood.', 'You are\n---\ngood.'],
    ['with a few aliases', '---\ntags: &t [a]\nmcp_servers: *t\n---\nYou are good.', 'You are good.'],
  ])('may be %s', (_, content, instructions) => {
    const { agents, problems } = loadAgentFiles(makeWorkspace({ 'agents/a/AGENT.md': content }));
    expect(problems).toEqual([]);
    expect(agents[0]?.instructions).toBe(instructions);
  });

  it('is warned about once for each key of ours that nothing reads yet', () => {
    const content = '---\nmodel:\n  name: demo/echo\n  temperature: 0.5\nbudget: { usd_per_run: 1 }\n---\nx';
    const { problems, warnings } = loadAgentFiles(makeWorkspace({ 'agents/a/AGENT.md': content }));
    expect(problems).toEqual([]);
    expect(warnings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'agents/a/AGENT.md:5 "budget" is accepted but not used yet',
    ]);
  });

  it.each([
    [
      'without a schema',
      'argv: [a, "{{input.message}}", "{{input.x}}"]',
      '',
      5,
      '{{input.x}} may be missing: the agent has no',
    ],
    ['not required', 'argv: [a, "{{input.x}}"]', 'input_schema: { properties: { x: {} } }', 5, 'does not require it'],
    [
      'not in the schema',
      'argv: [a, "{{input.x}}"]',
      'input_schema: { properties: { y: {} } }',
      5,
      'is not in input_schema',
    ],
  ])('is warned about for a placeholder %s', (_, argv, more, line, message) => {
    const content = `---\n${more}\nruntime: command\ncommand:\n  ${argv}\n---\n`;
    const { problems, warnings } = loadAgentFiles(makeWorkspace({ 'agents/a/AGENT.md': content }));
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      { path: `agents/a/AGENT.md:${line}`, message: expect.stringContaining(message), hint: expect.any(String) },
    ]);
  });

  it.each([
    ['required', '{ properties: { x: {} }, required: [x] }', '{{input.x}}'],
    ['with a default', '{ properties: { x: { default: 1 } } }', '{{input.x}}'],
    ['nested', '{ properties: { o: { properties: { p: {} }, required: [p] } } }', '{{input.o.p}}'],
    ['that the schema leaves open', '{ $ref: "#/$defs/a", $defs: { a: {} } }', '{{input.x}}'],
  ])('may have a placeholder %s', (_, schema, placeholder) => {
    const content = `---\ninput_schema: ${schema}\nruntime: command\ncommand: { argv: [a, "${placeholder}"] }\n---\n`;
    const { problems, warnings } = loadAgentFiles(makeWorkspace({ 'agents/a/AGENT.md': content }));
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
  });

  it('is warned about for a command that nothing runs', () => {
    const content = '---\ncommand: { argv: [a] }\n---\nx';
    const { warnings } = loadAgentFiles(makeWorkspace({ 'agents/a/AGENT.md': content }));
    expect(warnings.map((issue) => issue.message)).toEqual(['command: is used by no other runtime']);
  });

  it('is warned about for a directory without one', () => {
    const workspace = makeWorkspace({ 'agents/a/AGENT.md': 'x', 'agents/b/x': '', 'agents/notes.txt': '' });
    mkdirSync(join(workspace, 'agents/.git'));
    const { problems, warnings } = loadAgentFiles(workspace);
    expect(problems).toEqual([]);
    expect(warnings.map((issue) => issue.path)).toEqual(['agents/b']);
  });

  it('may come from a workspace of the Python agents-gateway, unchanged', () => {
    const content = `---
description: "Drafts mail"
version: 1.2
skills: [email-tools]
model: { name: gpt-4o, temperature: 0.3, fallback: gpt-4o-mini }
execution_mode: sync
scope: personal
setup_schema: { type: object, properties: { key: { type: string, sensitive: true } } }
retrievers: [email-history]
memory: { enabled: true, auto_extract: true, max_injected_chars: 4000, max_memory_md_lines: 200 }
notifications:
  on_complete: [{ channel: slack, target: "#log", template: x }]
schedules:
  - { name: weekly, cron: "0 8 * * 1", message: Go, timezone: UTC, instructions: Be brief }
---
# Drafter`;
    const { agents, problems, warnings } = loadAgentFiles(
      makeWorkspace({ 'agents/drafter/AGENT.md': content, 'skills/email-tools/SKILL.md': '---\ntools: [send]\n---\n' }),
    );
    expect(problems).toEqual([]);
    expect(agents[0]?.frontMatter).toMatchObject({ version: '1.2', description: 'Drafts mail' });
    expect(warnings.filter((issue) => issue.message.includes('not supported')).map((issue) => issue.path)).toEqual([
      'agents/drafter/AGENT.md:7',
      'agents/drafter/AGENT.md:8',
      'agents/drafter/AGENT.md:9',
    ]);
  });

  it.each(['agents/a/context', 'skills'])('says so when %s is a file, and the others load', (path) => {
    const { agents, problems } = loadAgentFiles(
      makeWorkspace({ 'agents/a/AGENT.md': 'x', 'agents/good/AGENT.md': 'x', [path]: 'x' }),
    );
    expect(agents.map((agent) => agent.id)).toContain('good');
    expect(problems).toEqual([{ path, message: 'is not a directory', hint: 'make it one, or remove it' }]);
  });

  it('says so when agents is a file', () => {
    const { agents, problems } = loadAgentFiles(makeWorkspace({ agents: 'x' }));
    expect(agents).toEqual([]);
    expect(problems).toEqual([{ path: 'agents', message: 'is not a directory', hint: 'make it one, or remove it' }]);
  });

  it('says so when there is no agents directory at all', () => {
    expect(loadAgentFiles(makeWorkspace()).warnings[0]?.path).toBe('agents');
  });
});
