import type { Database } from '@longhaul/database';
import { submitCommand } from '@longhaul/executions/testing';
import { Rounds } from '../../../libs/executions/src/rounds';
import { meetParents, meetWaitsForChildren } from '../../../libs/executions/src/statements/families';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty } from './fixtures';

const PARENTS = 5_000;
/** Of one look; both looks have it. */
const PAGE = 1_000;
const LOOKS = PARENTS / PAGE + 1;

describeOnDatabases('Parents and children, five thousand of each', (get) => {
  let database: Database;
  let parents: string[];
  let children: string[];

  beforeAll(async () => {
    database = get().database;
    await empty(database);
    parents = await submitMany();
    children = await submitMany();
    await database.run(`UPDATE executions SET status = 'waiting' WHERE id <= $1`, [parents.at(-1) ?? '']);
    await database.run(
      `UPDATE executions SET parent_id = x.parent_id
       FROM ${database.dialect.recordset('x', { id: 'text', parent_id: 'text' }, '$1')} WHERE executions.id = x.id`,
      [JSON.stringify(children.map((id, n) => ({ id, parent_id: parents[n] })))],
    );
    await database.run(
      `INSERT INTO waits (id, execution_id, step_key, owner, kind, name, details, created_at)
       SELECT 'wait_' || id, parent_id, 'ask', owner, 'child', id, '{}', 0 FROM executions WHERE parent_id IS NOT NULL`,
    );
  }, 60_000);
  afterAll(() => empty(database));

  /** Their ids, in order. */
  async function submitMany(): Promise<string[]> {
    const commands = Array.from({ length: PARENTS }, () => submitCommand());
    const outcomes = await submitAll(database, commands, 1);
    return outcomes.flatMap((outcome) => ('execution' in outcome ? [outcome.execution.id] : [])).toSorted();
  }

  const over = (...ids: (string | undefined)[]) =>
    database.run(
      `UPDATE executions SET status = 'completed', completed_at = 1
       WHERE id IN (SELECT x.id FROM ${database.dialect.recordset('x', { id: 'text' }, '$1')})`,
      [JSON.stringify(ids.map((id) => ({ id })))],
    );

  it('are found in the end when a child is over, a page at a look', async () => {
    const rounds = new Rounds<string, string>((after) => meetWaitsForChildren(database, after));
    await over(children.at(-1), children[0]);
    const found: string[][] = [];
    for (let look = 0; look < LOOKS; look += 1) found.push(await rounds.look());
    expect(found[0]).toEqual(parents.slice(0, 1));
    expect(found.flat()).toEqual([parents[0], parents.at(-1)]);
    // Round and round.
    expect(await rounds.look()).toEqual(parents.slice(0, 1));
  });

  it('are found in the end when the parent is over, a page at a look', async () => {
    const rounds = new Rounds<{ id: string; owner: string }, string>((after) => meetParents(database, after));
    await over(parents[2_499]);
    await database.run('UPDATE executions SET parent_id = $1 WHERE parent_id > $1 AND parent_id < $2', [
      parents[2_499] ?? '',
      // More of one parent than a look has room for.
      parents[4_000] ?? '',
    ]);
    const found: string[][] = [];
    while (found.flat().length < 1_501 && found.length < 3 * LOOKS) {
      const orphans = (await rounds.look()).map(({ id }) => id);
      found.push(orphans);
      await over(...orphans);
    }
    expect(found.flat().toSorted()).toEqual(children.slice(2_499, 4_000));
    expect(Math.max(...found.map(({ length }) => length))).toBe(PAGE);
  });

  it.each([
    ['waits for children', () => meetWaitsForChildren(database, ''), /ix_waits_children.*name/],
    ['parents of live children', () => meetParents(database, ''), /ix_executions_live_children.*parent_id/],
  ])('look at one page of %s, by its place in an index', async (_, look, index) => {
    const read = jest.spyOn(database, 'read');
    await look();
    const [[sql, params] = ['']] = read.mock.calls;
    read.mockRestore();
    if (database.dialect.name === 'sqlite') {
      const plan = await database.read(`EXPLAIN QUERY PLAN ${sql}`, params);
      expect(plan.map(({ detail }) => detail).join(' ')).toMatch(index);
      return;
    }
    const plan = await database.read(`EXPLAIN (ANALYZE, TIMING OFF) ${sql}`, params);
    const lines = plan.map((row) => String(row['QUERY PLAN']));
    expect(lines.join(' ')).toMatch(index);
    const visited = lines
      .map((line) => /actual rows=([\d.]+) loops=(\d+)/.exec(line))
      .map((at) => Number(at?.[1] ?? 0) * Number(at?.[2] ?? 0));
    expect(Math.max(...visited)).toBeLessThanOrEqual(PAGE);
  });
});
