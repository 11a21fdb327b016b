import type { Database } from '@longhaul/database';
import { Execution, ExecutionEvent, ExecutionsReader, Run, Step, type SubmitCommand } from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { LonghaulError } from '@longhaul/kernel';
import { monotonicFactory } from 'ulid';
import { AddStepSeq1700000000020 } from '../../../libs/database/src/migrations/1700000000020-add-step-seq';
import { appendEvents } from '../../../libs/executions/src/statements/append-events';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';

const HOUR_MS = 3_600_000;

describeOnDatabases('The places of steps, when the clocks of workers differ', (get) => {
  let database: Database;
  let reader: ExecutionsReader;

  beforeAll(() => {
    const { dataSource } = get();
    database = get().database;
    reader = new ExecutionsReader(
      database,
      dataSource.getRepository(Execution),
      dataSource.getRepository(ExecutionEvent),
      dataSource.getRepository(Run),
      dataSource.getRepository(Step),
    );
  });
  beforeEach(() => empty(database));
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function submit(more: Partial<SubmitCommand> = {}): Promise<string> {
    const [outcome] = await submitAll(database, [submitCommand(more)], 1);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution.id;
  }

  /** A run of it by a worker whose clock is wrong by so much: it records these steps, and ends so. */
  async function run(executionId: string, wrongByMs: number, keys: string[], ending: RunEnding): Promise<void> {
    const ulid = monotonicFactory();
    const ids = keys.map(() => `step_${ulid(Date.now() + wrongByMs)}`);
    const workerId = await registeredWorker(database);
    const [claimed] = await claimAll(database, [{ executionId, workerId, solo: false }]);
    if (claimed?.kind !== 'claimed') throw new Error(`not claimed but ${claimed?.kind}`);
    const { runId, epoch } = claimed.execution;
    const fence: Fence = { executionId, runId, workerId, epoch };
    for (const [n, key] of keys.entries()) {
      const step = { id: ids[n] ?? '', key, effects: 'repeatable' as const, attempt: 1 };
      const data = { step_id: step.id, key };
      const started = { fence, type: 'step.started' as const, data, step: { ...step, status: 'started' as const } };
      const completed = { ...step, status: 'completed' as const, result: key };
      // As they come: in one statement, or in one each.
      const requests = [started, { fence, type: 'step.completed' as const, data, step: completed }];
      for (const batch of n % 2 === 0 ? [requests] : requests.map((one) => [one])) await appendEvents(database, batch);
    }
    await endRuns(database, [{ fence, ending }]);
  }
  const released: RunEnding = { kind: 'released' };
  const failed: RunEnding = { kind: 'failed', error: { code: 'agent_error', message: 'boom', retryable: false } };

  const stepsOf = async (id: string) => (await reader.stepsOf(await reader.get(id, 'local'))).map(({ key }) => key);

  it('are those in which they were begun', async () => {
    const id = await submit();
    await run(id, HOUR_MS, ['one', 'two'], released);
    await run(id, -HOUR_MS, ['three', 'four', 'five'], failed);
    expect(await stepsOf(id)).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect((await reader.runsOf(id, 'local')).map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it('decide what a retry from a step takes over, and stay as they were before what it does itself', async () => {
    const first = await submit();
    await run(first, HOUR_MS, ['one', 'two'], released);
    await run(first, -HOUR_MS, ['three', 'four', 'five'], failed);
    const second = await submit({ journalFrom: { executionId: first, beforeStep: 'two' } });
    expect(await stepsOf(second)).toEqual(['one']);
    const third = await submit({ journalFrom: { executionId: first, beforeStep: 'four' } });
    expect(await stepsOf(third)).toEqual(['one', 'two', 'three']);
    await run(third, -2 * HOUR_MS, ['four', 'six'], failed);
    expect(await stepsOf(third)).toEqual(['one', 'two', 'three', 'four', 'six']);
    // What was taken over is taken over again.
    const fourth = await submit({ journalFrom: { executionId: third, beforeStep: 'six' } });
    await run(fourth, -3 * HOUR_MS, ['seven'], failed);
    expect(await stepsOf(fourth)).toEqual(['one', 'two', 'three', 'four', 'seven']);
    expect(await stepsOf(await submit({ journalFrom: { executionId: fourth, beforeStep: 'three' } }))).toEqual([
      'one',
      'two',
    ]);
  });

  it('decide what a fork shares, also where its results are given', async () => {
    const first = await submit();
    await run(first, HOUR_MS, ['one', 'two'], released);
    await run(first, -HOUR_MS, ['three', 'four', 'five'], failed);
    const fork = { except: ['one'], results: { two: 2, three: 3 } };
    const second = await submit({ journalFrom: { executionId: first, beforeStep: 'four', fork } });
    await run(second, -2 * HOUR_MS, ['one', 'four'], failed);
    expect(await stepsOf(second)).toEqual(['two', 'three', 'one', 'four']);
    expect(await stepsOf(await submit({ journalFrom: { executionId: second, beforeStep: null } }))).toEqual([
      'two',
      'three',
    ]);
  });

  it('are kept by the migration that numbers them', async () => {
    const id = await submit();
    await run(id, 0, ['one', 'two', 'three'], released);
    const runner = get().dataSource.createQueryRunner();
    const migration = new AddStepSeq1700000000020();
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    await run(id, -HOUR_MS, ['four', 'five'], failed);
    expect(await stepsOf(id)).toEqual(['one', 'two', 'three', 'four', 'five']);
    const second = await submit({ journalFrom: { executionId: id, beforeStep: 'three' } });
    expect(await stepsOf(second)).toEqual(['one', 'two']);
  });
});
