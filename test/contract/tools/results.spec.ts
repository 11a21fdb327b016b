import { ToolResults, type ToolDefinition } from '@longhaul/tools';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';

const TOOL: ToolDefinition = {
  name: 'it',
  description: '',
  parameters: {},
  effects: 'repeatable',
  tags: [],
  requiresApproval: false,
  timeoutMs: 1_000,
  maxResultChars: 1_000,
  kind: 'http',
  file: null,
};

describeOnDatabases('Kept answers of tools', (get) => {
  let calls = 0;
  const call = () => Promise.resolve({ call: (calls += 1) });
  const kept = { ...TOOL, cacheTtlMs: 60_000 };
  beforeEach(async () => {
    calls = 0;
    await get().database.run('DELETE FROM tool_results');
  });

  it('are given again for the same arguments, in any order, to the same owner, by any worker', async () => {
    const [one, other] = [new ToolResults(get().database), new ToolResults(get().database)];
    expect(await one.through(kept, 'ann', { a: 1, b: { c: [2], d: 3 } }, call)).toEqual({ call: 1 });
    expect(await other.through(kept, 'ann', { b: { d: 3, c: [2] }, a: 1 }, call)).toEqual({ call: 1 });
    expect(calls).toBe(1);
  });

  it.each<[string, Partial<ToolDefinition>, string, Record<string, number>]>([
    ['other arguments', {}, 'ann', { a: 2 }],
    ['another owner', {}, 'bob', { a: 1 }],
    ['another tool', { name: 'other' }, 'ann', { a: 1 }],
    ['a tool that was changed', { description: 'changed' }, 'ann', { a: 1 }],
  ])('are not given for %s', async (_, change, owner, args) => {
    const results = new ToolResults(get().database);
    await results.through(kept, 'ann', { a: 1 }, call);
    expect(await results.through({ ...kept, ...change }, owner, args, call)).toEqual({ call: 2 });
  });

  it.each<[string, Partial<ToolDefinition>]>([
    ['of a tool with an effect', { effects: 'idempotent', cacheTtlMs: 60_000 }],
    ['of a tool that may be called once', { effects: 'at_most_once', cacheTtlMs: 60_000 }],
    ['without a time', {}],
  ])('are never those %s', async (_, change) => {
    const results = new ToolResults(get().database);
    for (let n = 1; n < 3; n += 1)
      expect(await results.through({ ...TOOL, ...change }, 'ann', {}, call)).toEqual({ call: n });
    expect(await get().database.read('SELECT id FROM tool_results')).toEqual([]);
  });

  it('end with their time', async () => {
    const results = new ToolResults(get().database);
    const short = { ...kept, cacheTtlMs: 50 };
    await results.through(short, 'ann', {}, call);
    await eventually(async () => expect(await results.through(short, 'ann', {}, call)).not.toEqual({ call: 1 }));
  });

  it('are none of what failed, or is too large', async () => {
    const results = new ToolResults(get().database);
    await expect(results.through(kept, 'ann', {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await results.through(kept, 'ann', {}, () => Promise.resolve('x'.repeat(300_000)));
    expect(await results.through(kept, 'ann', {}, call)).toEqual({ call: 1 });
  });

  it('are deleted when their time is over', async () => {
    const { database } = get();
    await database.run("INSERT INTO tool_results (id, value, expires_at) VALUES ('old', '1', 5)");
    await new ToolResults(database).through(kept, 'ann', {}, call);
    expect(await database.read("SELECT id FROM tool_results WHERE id = 'old'")).toEqual([]);
  });
});
