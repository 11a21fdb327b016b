import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { loadToolFiles } from './load-tool-files';

const GOOD = '---\ndescription: Good.\nkind: http\nhttp: { url: "https://good.example/" }\n---\n';

/** What every file of these needs, on lines 2 and 3. */
const tool = (lines: string) => `---\ndescription: x\nkind: http\n${lines}\n---\n`;
const http = (lines: string, more = '') => tool(`http:\n${lines}\n${more}`);
const URL = '  url: "https://a.example/"';
const ARGS = 'parameters: { type: object, properties: { id: { type: string }, o: { type: object } } }';
const REQUIRED = `${ARGS.slice(0, -2)}, required: [id] }`;

/** What is written, where the problem is said to be, what it says, and the mend. */
const ROWS: [name: string, content: string | Buffer, line: number, message: RegExp, hint: RegExp][] = [
  ['---js', '---js\n{}\n---\nx', 1, /opens with "---js"/, /--- alone/],
  ['an unclosed fence', '---\nkind: http\n\nText', 1, /never closed/, /a line ---/],
  ['no front matter', 'Just text.', 1, /has no front matter/, /description/],
  ['an empty front matter', '---\n---\nText', 1, /has no front matter/, /description/],
  ['a list', '---\n- a\n---\n', 2, /has no front matter/, /description/],
  ['a duplicate key', '---\nkind: http\nkind: http\n---\n', 3, /unique/, /keep one/],
  ['an alias without an anchor', '---\ntags: *none\n---\n', 2, /\*none has no anchor/, /quote the text/],
  ['__proto__', tool('__proto__: { enabled: false }'), 4, /unknown field "__proto__"/, /known here/],
  ['UTF-16', Buffer.from('\ufeff---\nkind: http\n---\n', 'utf16le'), 1, /UTF-16/, /UTF-8/],
  ['65 KB', 'x'.repeat(65 * 1024), 1, /66560 bytes, at most 65536/, /shorten/],
  ['an unknown kind', '---\ndescription: x\nkind: htp\n---\n', 3, /kind: expected .*, got "htp"/, /did you mean "http"/],
  ['no kind', '---\ndescription: x\nhttp: { url: "https://a.example" }\n---\n', 2, /kind: expected .*, got nothing/, /write one of/],
  ['no description', '---\nkind: http\nhttp:\n  url: "https://a.example"\n---\n', 2, /description: expected string/, /write a/],
  ['an empty description', `---\ndescription: ""\nkind: http\n---\n`, 2, /description: at least 1/, /raise/],
  ['a kind without its object', tool(''), 3, /kind: http needs an object http/, /http: \{/],
  ['an unknown key', tool('requires_aproval: true'), 4, /did you mean "requires_approval"/, /known here/],
  ['an unknown key of http', http(`${URL}\n  allow_host: [a]`), 6, /did you mean "http.allow_hosts"/, /known here/],
  ['another name', http(URL, 'name: other'), 6, /the directory's name "bad", got "other"/, /name: bad/],
  ['unknown effects', http(URL, 'effects: once'), 6, /effects: expected repeatable or .*got "once"/, /write one of/],
  ['an unknown tag', http(URL, 'tags: [sends_ot]'), 6, /got "sends_ot"/, /did you mean "sends_out"/],
  ['a time of 0', http(URL, 'timeout_s: 0'), 6, /timeout_s: at least 0.1, got 0/, /raise/],
  ['a rate of another form', http(URL, 'rate_limit: 10/week'), 6, /rate_limit: expected a rate such as "10\/m"/, /correct/],
  ['a queue of another form', http(URL, 'queue: Gpu 1'), 6, /queue: must be a queue's name/, /correct/],
  ['an unknown priority', http(URL, 'priority: urgent'), 6, /priority: expected high or .*got "urgent"/, /write one of/],
  ['parameters that are a list', http(URL, 'parameters: [a]'), 6, /parameters: expected record, got \["a"\]/, /record/],
  ['parameters of no object', http(URL, 'parameters: { type: string }'), 6, /schema of an object, got type "string"/, /type: object/],
  ['parameters without a type', http(URL, 'parameters: { properties: {} }'), 6, /got no type/, /type: object/],
  ['parameters that are no schema', http(URL, 'parameters: { type: object, required: 5 }'), 6, /is not a JSON Schema/, /json-schema/],
  ['parameters from elsewhere', http(URL, 'parameters: { type: object, allOf: [{ $ref: "https://a.example/x" }] }'), 6, /can't resolve/, /json-schema/],
  ['a file: address', http('  url: "file:///etc/passwd"'), 5, /http.url: expected an http or https URL/, /correct/],
  ['no address', http('  url: a.example/x'), 5, /http.url: expected an http or https URL/, /correct/],
  ['a host from an argument', http('  url: "https://{{args.id}}/x"', REQUIRED), 5, /host comes from an argument/, /allow_hosts: \[/],
  ['a port from an argument', http('  url: "https://a.example:{{args.id}}/x"', REQUIRED), 5, /host comes from an argument/, /allow_hosts/],
  ['a user from an argument', http('  url: "https://{{args.id}}@a.example/x"', REQUIRED), 5, /host comes from an argument/, /allow_hosts/],
  ['a host from an argument with an empty list', http('  url: "https://{{args.id}}/"\n  allow_hosts: []', REQUIRED), 5, /names none/, /allow_hosts: \[/],
  ['a host that its own list forbids', http(`${URL}\n  allow_hosts: [b.example]`), 5, /host a.example, which is not one of/, /add a.example/],
  ['a host that is a URL', http(`${URL}\n  allow_hosts: ["https://a.example"]`), 6, /expected a host such as/, /correct/],
  ['a host that is none', http('  url: "https://a<b.example/x"'), 5, /"https:\/\/a<b.example" is no URL/, /correct the host/],
  ['a scheme from an argument', http('  url: "{{args.id}}://a.example"', ARGS), 5, /expected an http or https URL/, /correct/],
  ['a header of ours', http(`${URL}\n  headers: { Idempotency-Key: x }`), 6, /may not set the header Idempotency-Key/, /correct/],
  ['a header with a line break', http(`${URL}\n  headers: { "a\\nb": x }`), 6, /may not set the header/, /correct/],
  ['a GET with a body', http(`${URL}\n  body: { a: 1 }`), 6, /http.body: a GET has no body/, /method: POST/],
  ['a placeholder of another thing', http('  url: "https://a.example/{{env.HOME}}"'), 5, /unknown placeholder \{\{env.HOME\}\}/, /\{\{args.name\}\}/],
  ['a placeholder that is no parameter', http('  url: "https://a.example/{{args.ix}}"', ARGS), 5, /\{\{args.ix\}\} is not in parameters/, /did you mean "id"/],
  ['a path that may be missing', http('  url: "https://a.example/{{args.id}}"', ARGS), 5, /may be missing: parameters does not require it/, /required/],
  ['an object in a query', http(`${URL}\n  query: { q: "{{args.o}}" }`, `${ARGS.slice(0, -2)}, required: [o] }`), 6, /http.query.q: \{\{args.o\}\} is an object/, /object.field/],
]; // prettier-ignore

describe('a TOOL.md that does not load', () => {
  it.each(ROWS)('%s is told with file, line and mend, and the others load', (_, content, line, message, hint) => {
    const workspace = makeWorkspace({ 'tools/bad/TOOL.md': content, 'tools/good/TOOL.md': GOOD });
    const { tools, problems } = loadToolFiles(workspace);
    expect(tools.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toEqual([
      {
        path: `tools/bad/TOOL.md:${line}`,
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      },
    ]);
  });

  it('is told with all that is wrong in it at once', () => {
    const workspace = makeWorkspace({ 'tools/bad/TOOL.md': tool('timeout_s: 0\nnonsense: 1\ntags: 5') });
    const { problems } = loadToolFiles(workspace);
    expect(problems.map(({ path }) => path).sort()).toEqual([4, 5, 6].map((line) => `tools/bad/TOOL.md:${line}`));
  });

  it.each(['a b', 'a.b', 'a__b', 'x'.repeat(65), '-a', '_a', 'ünder'])('is in a directory called %s', (name) => {
    const { tools, problems } = loadToolFiles(makeWorkspace({ [`tools/${name}/TOOL.md`]: GOOD }));
    expect(tools).toEqual([]);
    expect(problems[0]?.message).toContain("cannot be a tool's name");
    expect(problems[0]?.hint).toContain('single underscores');
  });

  it.each([
    [
      'a file link out of the workspace',
      (tools: string, away: string) => symlinkSync(`${away}/TOOL.md`, `${tools}/bad/TOOL.md`),
      /out of the workspace/,
    ],
    ['a link to nothing', (tools: string) => symlinkSync('nowhere', `${tools}/bad/TOOL.md`), /not there/],
    ['a directory', (tools: string) => mkdirSync(`${tools}/bad/TOOL.md`), /not a file/],
    ['a pipe', (tools: string) => void execFileSync('/usr/bin/mkfifo', [`${tools}/bad/TOOL.md`]), /not a file/],
  ])('is %s', (_, make, message) => {
    const workspace = makeWorkspace({ 'tools/bad/note.txt': '', 'tools/good/TOOL.md': GOOD });
    make(join(workspace, 'tools'), makeWorkspace({ 'TOOL.md': GOOD }));
    const { tools, problems } = loadToolFiles(workspace);
    expect(tools.map(({ name }) => name)).toEqual(['good']);
    expect(problems.map(({ path }) => path)).toEqual(['tools/bad/TOOL.md:1']);
    expect(problems[0]?.message).toMatch(message);
  });

  it('is in a directory that is a link out of the workspace', () => {
    const workspace = makeWorkspace({ 'tools/good/TOOL.md': GOOD });
    symlinkSync(makeWorkspace({ 'TOOL.md': GOOD }), join(workspace, 'tools', 'bad'));
    expect(loadToolFiles(workspace).problems[0]?.message).toContain('out of the workspace');
  });

  it('is not there, names no kind or is Python: that is a warning', () => {
    const { problems, warnings } = loadToolFiles(
      makeWorkspace({
        'tools/empty/note.txt': '',
        'tools/old/handler.py': '',
        'tools/old/TOOL.md': '---\nparameters: { city: { required: true } }\n---\n',
        'tools/kindless/TOOL.md': '---\ndescription: x\n---\n',
        'tools/.git/x': '',
      }),
    );
    expect(problems).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual([
      'tools/empty',
      'tools/kindless/TOOL.md:2',
      'tools/old/handler.py',
    ]);
  });

  it('is below a file, which is told of', () => {
    const { problems } = loadToolFiles(makeWorkspace({ tools: 'x' }));
    expect(problems).toEqual([{ path: 'tools', message: 'is not a directory', hint: 'make it one, or remove it' }]);
  });

  it('is no matter where there are no tools', () => {
    expect(loadToolFiles(makeWorkspace())).toEqual({ tools: [], problems: [], warnings: [] });
  });
});
