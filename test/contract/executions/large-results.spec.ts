import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestMicroservice } from '@nestjs/common';
import { DiffsService } from '@longhaul/agents';
import { Database } from '@longhaul/database';
import {
  type Execution,
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  type SubmitCommand,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { deleteExecutions } from '../../../libs/executions/src/statements/retention';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { inputFor, type Script, startScripted } from './scripted-worker';

const MB = 1_048_576;
/** As JSON exactly 5 MB, and not of one byte a character. */
const LARGEST = `ü${'x'.repeat(5 * MB - 3)}`;

describeOnDatabases('Large results and long histories', (get) => {
  let folder: string;
  let app: INestMicroservice;
  let executions: ExecutionsService;
  let reader: ExecutionsReader;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-large-'));
    const { backend, url } = get().options;
    app = await startScripted(folder, { LONGHAUL_PERSISTENCE__BACKEND: backend, LONGHAUL_PERSISTENCE__URL: url });
    executions = app.get(ExecutionsService);
    reader = app.get(ExecutionsReader);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    expect(await new Invariants(get().database).violations()).toEqual([]);
  });
  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ended(script: Script, more: Partial<SubmitCommand> = {}): Promise<Execution> {
    const { execution } = await executions.submit(submitCommand({ input: inputFor(script), ...more }));
    return eventually(async () => {
      const found = await reader.get(execution.id, 'local');
      return isTerminal(found.status) && found;
    });
  }
  const values = async (id: string) =>
    (await get().database.read('SELECT key FROM step_values WHERE execution_id = $1 ORDER BY key', [id])).map(
      ({ key }) => key,
    );

  /** Three large results and a small one, and then a run that goes on: `after` is all that it does. */
  function resumed(after: Script): Script {
    let runs = 0;
    return async (context) => {
      runs += 1;
      if (runs > 1) return after(context);
      for (const n of [1, 2, 3]) await context.step.run(`large:${n}`, () => 'x'.repeat(n * MB));
      await context.step.run('largest', () => LARGEST);
      await context.step.run('small', () => 'small');
      await context.step.sleep('nap', 1);
      return null;
    };
  }

  it('compares all results of two executions, 8 MB at a time, and answers the first 8 MB of them', async () => {
    const script = () => resumed(async () => null);
    const [left, right] = [await ended(script()), await ended(script())];
    const lengths: Record<string, number> = { small: 7, largest: 5 * MB };
    for (const n of [1, 2, 3]) lengths[`large:${n}`] = n * MB + 2;
    const resultsOf = jest.spyOn(reader, 'resultsOf');
    const diffs = new DiffsService(reader);
    const diff = await diffs.diff(left.id, right.id, 'local', 'with results');
    const read = resultsOf.mock.calls.map(([, keys]) => keys.reduce((sum, key) => sum + (lengths[key] ?? 0), 0));
    expect(Math.max(...read)).toBeLessThanOrEqual(8 * MB);
    expect(read.reduce((sum, length) => sum + length)).toBeGreaterThan(22 * MB);
    expect(diff.resultsTruncated).toBe(true);
    const kept = diff.steps.map((step) => [
      step.key,
      step.outcome,
      typeof step.left?.result,
      typeof step.right?.result,
    ]);
    expect(kept).toEqual([
      ['large:1', 'same', 'string', 'string'],
      ['large:2', 'same', 'string', 'string'],
      ['large:3', 'same', 'undefined', 'undefined'],
      ['largest', 'same', 'undefined', 'undefined'],
      ['small', 'same', 'undefined', 'undefined'],
      ['nap', 'same', 'undefined', 'undefined'],
    ]);
    const plain = await diffs.diff(left.id, right.id, 'local', 'without results');
    expect(plain.resultsTruncated).toBe(false);
    expect(plain.steps.every((step) => step.left?.result === undefined)).toBe(true);
  });

  it('gives a result of 5 MB to a later run as it was, and reads no other', async () => {
    const read = jest.spyOn(app.get(Database), 'read');
    const execution = await ended(
      resumed(async ({ step }) => {
        const largest = await step.run('largest', () => 'anew');
        return [largest === LARGEST, await step.run('small', () => 'anew')];
      }),
    );
    expect(execution).toMatchObject({ status: 'completed', output: [true, 'small'] });
    expect(await values(execution.id)).toEqual(['large:1', 'large:2', 'large:3', 'largest']);
    const asked = read.mock.calls.filter(
      ([sql, params]) => sql.includes('step_values') && params?.[0] === execution.id,
    );
    expect(asked.map(([, params]) => params?.[1])).toEqual(['largest']);
  });

  it('shows them page by page, by their size', async () => {
    const execution = await ended(resumed(async () => null));
    const { steps, more } = await reader.resultsAfter(execution, null, 100);
    expect(steps.map(({ key }) => key)).toEqual(['large:1', 'large:2', 'large:3']);
    expect(steps.map(({ result }) => (result as string).length / MB)).toEqual([1, 2, 3]);
    expect(more).toBe(true);
    const rest = await reader.resultsAfter(execution, steps.at(-1) ?? null, 100);
    expect(rest.steps.map(({ key, result }) => [key, result === LARGEST || result])).toEqual([
      ['largest', true],
      ['small', 'small'],
      ['nap', undefined],
    ]);
    expect(rest.more).toBe(false);
    expect((await reader.stepsOf(execution)).every(({ result }) => result === undefined)).toBe(true);
  });

  it('has them in a new execution that begins behind them, and deletes them with their own', async () => {
    const first = await ended(resumed(async () => null));
    const second = await ended(async ({ step }) => (await step.run('large:2', () => 'anew')).length, {
      journalFrom: { executionId: first.id, beforeStep: 'large:3' },
    });
    expect(second).toMatchObject({ status: 'completed', output: 2 * MB });
    await eventually(async () => (await deleteExecutions(get().database, [first.id], 0, [])) === 1);
    expect(await values(first.id)).toEqual([]);
    expect(await values(second.id)).toEqual(['large:1', 'large:2']);
  });

  it('keeps the output of a child that is large apart, too', async () => {
    const child = inputFor(async () => 'x'.repeat(6 * MB));
    const execution = await ended(async ({ step }) => {
      const answer = (await step.invoke('ask', { agent: 'test-agent', input: child })) as string;
      await step.sleep('nap', 1);
      return answer.length;
    });
    expect(execution).toMatchObject({ status: 'completed', output: 6 * MB });
    expect(await values(execution.id)).toEqual(['ask']);
  });

  it('replays hundreds of steps by pages, in whatever order they are asked for', async () => {
    const keys = Array.from({ length: 300 }, (_, n) => `step:${n}`);
    const read = jest.spyOn(app.get(Database), 'read');
    let runs = 0;
    const execution = await ended(async ({ step }) => {
      runs += 1;
      if (runs === 1) {
        await Promise.all(keys.map((key) => step.run(key, () => key)));
        await step.sleep('nap', 1);
      }
      const some = await Promise.all(keys.slice(0, 150).map((key) => step.run(key, () => 'anew')));
      const others: string[] = [];
      for (const key of keys.slice(150).toReversed()) others.push(await step.run(key, () => 'anew'));
      return [...some, ...others.toReversed()];
    });
    expect(execution).toMatchObject({ status: 'completed', output: keys });
    const pages = read.mock.calls.filter(([sql, params]) => sql.includes('s.result') && params?.[0] === execution.id);
    expect(pages).toHaveLength(Math.ceil(300 / 64));
    // Each by its key: a plan that goes through all steps for each page takes a minute for 10,000 of them.
    const [sql = '', params] = pages[0] ?? [];
    const explain = get().database.dialect.name === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
    const plan = JSON.stringify(await get().database.read(`${explain} ${sql}`, params));
    expect(plan).toMatch(/execution_id=\? AND key=\?|Index Cond: .*execution_id.* AND .*key/);
  });
});
