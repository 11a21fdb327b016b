import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeWorkspace } from '@longhaul/config/testing';
import type { JsonObject } from '@longhaul/kernel';

import { loadTools } from '../../load-tools';
import type { ToolCall } from '../../tool';
import type { ToolSettings } from '../../tools-options';
import { SqlToolKind } from './sql-tool-kind';

const ORDERS = `
  CREATE TABLE orders (id integer PRIMARY KEY, customer text, total real);
  INSERT INTO orders VALUES (1, 'ada', 10.5), (2, 'grace', 3), (3, 'ada', 7);
`;
const PROPERTIES = { customer: { type: 'string' }, least: { type: 'number', default: 0 } };
const BY_CUSTOMER = {
  query: 'SELECT id, total FROM orders WHERE customer = {{args.customer}} AND total >= {{args.least}} ORDER BY id',
};
const PARAMETERS = { type: 'object', properties: PROPERTIES, required: ['customer'], additionalProperties: false };

describe('a tool of kind sql', () => {
  const kinds: SqlToolKind[] = [];
  afterEach(async () => {
    for (const kind of kinds.splice(0)) await kind.onApplicationShutdown();
  });

  function load(sql: JsonObject, more: JsonObject = {}) {
    const frontMatter = JSON.stringify({
      description: 'x',
      kind: 'sql',
      sql: { url: 'sqlite:shop.db', ...sql },
      ...more,
    });
    const workspace = makeWorkspace({ 'tools/it/TOOL.md': `---\n${frontMatter}\n---\n` });
    const made = new DatabaseSync(join(workspace, 'shop.db'));
    made.exec(ORDERS);
    made.close();
    const settings: ToolSettings = {
      workspace,
      allowPrivateCidrs: [],
      expand: (text) => {
        if (text.includes('${GONE}')) return { message: 'the variable GONE is not set', hint: 'set it' };
        return { value: text.replace('${SHOP}', 'sqlite:shop.db').replace('${ELSE}', 'mysql://x:secret@h/d') };
      },
      variable: () => undefined,
    };
    const kind = new SqlToolKind(settings);
    kinds.push(kind);
    const { tools, problems } = loadTools(settings, [kind]);
    return { tool: tools[0]?.tool, problems };
  }

  function call(sql: JsonObject, args: JsonObject, more: JsonObject = {}) {
    const { tool, problems } = load(sql, more);
    expect(problems).toEqual([]);
    return tool!.run(args, { signal: new AbortController().signal } as ToolCall);
  }

  it('answers the query of its file, with arguments bound and defaults filled in', async () => {
    await expect(call(BY_CUSTOMER, { customer: 'ada' }, { parameters: PARAMETERS })).resolves.toEqual({
      columns: ['id', 'total'],
      rows: [[1, 10.5], [3, 7]], // prettier-ignore
    });
    const hostile = { customer: "ada' OR 1=1; DROP TABLE orders; --", least: 0 };
    await expect(call(BY_CUSTOMER, hostile, { parameters: PARAMETERS })).resolves.toMatchObject({ rows: [] });
  });

  it('binds NULL for what is missing, and JSON for a list', async () => {
    const parameters = { type: 'object', properties: { ids: { type: 'array' }, x: {} } };
    const query = 'SELECT id, {{args.x}} AS x FROM orders WHERE id IN (SELECT value FROM json_each({{args.ids}}))';
    await expect(call({ query }, { ids: [2, 3] }, { parameters })).resolves.toMatchObject({ rows: [[2, null], [3, null]] }); // prettier-ignore
  });

  it('asks what the model wrote where the file has no query, and says of itself how', async () => {
    const { tool } = load({});
    expect(tool?.definition).toMatchObject({
      effects: 'repeatable',
      tags: ['reads_private'],
      parameters: { required: ['query'], properties: { query: { type: 'string' }, parameters: { type: 'array' } } },
    });
    const args = { query: 'SELECT count(*) AS n FROM orders WHERE total > $1', parameters: [5] };
    await expect(call({}, args)).resolves.toEqual({ columns: ['n'], rows: [[2]] });
    await expect(call({ url: '${SHOP}' }, args)).resolves.toMatchObject({ rows: [[2]] });
  });

  it.each(['DELETE FROM orders', 'SELECT 1; DELETE FROM orders', "ATTACH 'x.db' AS x", 'SELECT nothing FROM orders'])(
    'tells the model why it does not do %s',
    async (query) => {
      await expect(call({}, { query })).rejects.toMatchObject({ name: 'PermanentError', code: 'invalid_input' });
    },
  );

  it('cuts its answer to whole rows, and says so', async () => {
    const many = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) SELECT x FROM c';
    await expect(call({ max_rows: 3 }, { query: many })).resolves.toEqual({
      columns: ['x'],
      rows: [[1], [2], [3]],
      cut: 'only the first 3 rows are here: there are more',
    });
    const answer = await call({ max_rows: 5_000 }, { query: many }, { max_result_chars: 2_000 });
    expect(JSON.stringify(answer).length).toBeLessThan(2_000);
    expect(answer).toMatchObject({ cut: expect.stringMatching(/more would be larger/) as string });
  });

  it('stops a query before its call is out of time', async () => {
    const query = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c';
    await expect(call({ timeout_s: 0.3 }, { query })).rejects.toMatchObject({ code: 'timeout', retryable: false });
    await expect(call({}, { query }, { timeout_s: 0.5 })).rejects.toMatchObject({
      message: expect.stringMatching(/longer than 0.45 s/) as string,
    });
  });

  it.each<[string, JsonObject, JsonObject, RegExp]>([
    ['a URL of another database', { url: 'mysql://x:secret@h/d' }, {}, /sql.url: is no URL of a database/],
    ['a query that writes', { query: 'DELETE FROM orders' }, {}, /DELETE is not allowed/],
    ['two queries', { query: 'SELECT 1; SELECT 2' }, {}, /only one statement/],
    ['a placeholder in a text', { query: "SELECT '{{args.customer}}'" }, { parameters: PARAMETERS }, /stands in a text/],
    ['a placeholder in a comment', { query: 'SELECT 1 -- {{args.customer}}' }, { parameters: PARAMETERS }, /stands in a text or a comment/],
    ['numbers of its own', { query: 'SELECT $1, {{args.customer}}' }, { parameters: PARAMETERS }, /has \$1 of its own/],
    ['an argument that is none', { query: 'SELECT {{args.custmer}}' }, { parameters: PARAMETERS }, /is not in parameters/],
    ['parameters without a query', {}, { parameters: PARAMETERS }, /parameters require no query/],
  ])('does not load with %s', (_, sql, more, message) => {
    const { problems, tool } = load(sql, more);
    expect(tool).toBeUndefined();
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringMatching(message) as string })]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  }); // prettier-ignore

  it.each([
    ['${GONE}', /sql.url: the variable GONE is not set/],
    ['${ELSE}', /sql.url: is no postgres:/],
  ])('is unavailable with %s, and says why', async (url, message) => {
    const { tool } = load({ url });
    expect(tool?.definition.unavailableReason).toMatch(message);
    expect(tool?.definition.unavailableReason).not.toContain('secret');
    await expect(tool!.run({ query: 'SELECT 1' }, {} as ToolCall)).rejects.toMatchObject({ code: 'tool_unavailable' });
  });
});
