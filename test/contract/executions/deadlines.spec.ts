import { Client } from 'pg';
import type { Database, Dialect, Write } from '@longhaul/database';
import {
  type Execution,
  type SubmitCommand,
  type TransitionChange,
  TransitionParticipant,
  TransitionParticipants,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { LonghaulError } from '@longhaul/kernel';
import { appendEvents } from '../../../libs/executions/src/statements/append-events';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { exceedDeadlines } from '../../../libs/executions/src/statements/deadlines';
import { findDue } from '../../../libs/executions/src/statements/due';
import { endRuns } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';
import { eventually } from '../../support/eventually';

const DAY_MS = 86_400_000;
const BOOM = { code: 'agent_error', message: 'boom', retryable: true };

describeOnDatabases('A deadline', (get) => {
  let database: Database;
  let worker: string;

  beforeAll(() => {
    database = get().database;
  });
  beforeEach(async () => {
    await empty(database);
    worker = await registeredWorker(database);
  });
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function submit(more: Partial<SubmitCommand> = {}): Promise<Execution> {
    const [outcome] = await submitAll(database, [submitCommand(more)], DAY_MS);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution;
  }

  const claim = async (executionId: string) =>
    (await claimAll(database, [{ executionId, workerId: worker, solo: false }]))[0];

  async function claimed(executionId: string): Promise<Fence> {
    const outcome = await claim(executionId);
    if (outcome?.kind !== 'claimed') throw new Error(`not claimed but ${outcome?.kind}`);
    return { executionId, runId: outcome.execution.runId, workerId: worker, epoch: outcome.execution.epoch };
  }

  /** By the database's clock. */
  const setDeadline = (id: string, inMs: number) =>
    database.run(`UPDATE executions SET deadline_at = ${database.dialect.now} + $2 WHERE id = $1`, [id, inMs]);

  const sweep = (participants?: TransitionParticipants, onRefused?: (id: string) => void) =>
    exceedDeadlines(database, { limit: 500, graceMs: 15_000 }, participants, onRefused);

  const types = async (id: string) =>
    (await database.read('SELECT type FROM events WHERE execution_id = $1 ORDER BY seq', [id])).map((row) => row.type);

  it('counts from the moment at which the execution is due', async () => {
    const { dueAt, deadlineAt, createdAt } = await submit({ delayMs: 5_000, deadlineMs: 60_000 });
    expect(Number(deadlineAt) - dueAt).toBe(60_000);
    expect(dueAt - createdAt).toBe(5_000);
  });

  it('tells who claims how long there is, and refuses the claim when it is over', async () => {
    const { id } = await submit({ deadlineMs: 60_000 });
    const late = await submit();
    await setDeadline(late.id, -1);
    const outcome = await claim(id);
    if (outcome?.kind !== 'claimed') throw new Error('not claimed');
    expect(outcome.deadlineInMs).toBeGreaterThan(0);
    expect(outcome.deadlineInMs).toBeLessThanOrEqual(60_000);
    expect(await claim(late.id)).toEqual({ kind: 'gone' });
  });

  it('hides from an idle worker what is past it, and nothing that waits behind that', async () => {
    const late = await submit();
    const next = await submit();
    await database.run('UPDATE executions SET due_at = due_at - 1000 WHERE id = $1', [late.id]);
    await setDeadline(late.id, -1);
    expect(await findDue(database, ['default'], 1)).toMatchObject([{ executionId: next.id }]);
  });

  it('fails at once what waits: due, delayed or for its next attempt, with the last error', async () => {
    const due = await submit();
    const delayed = await submit({ delayMs: DAY_MS });
    const retrying = await submit();
    const fence = await claimed(retrying.id);
    await endRuns(database, [{ fence, ending: { kind: 'retrying', error: BOOM, delayMs: DAY_MS } }]);
    const early = await submit();
    for (const { id } of [due, delayed, retrying]) await setDeadline(id, -1);

    const ended = await sweep();
    expect(ended.map(({ id }) => id).toSorted()).toEqual([due.id, delayed.id, retrying.id].toSorted());
    for (const { status, error, completedAt } of ended) {
      expect(status).toBe('failed');
      expect(error).toMatchObject({ code: 'deadline_exceeded', retryable: false });
      expect(completedAt).not.toBeNull();
    }
    expect(ended.find(({ id }) => id === retrying.id)?.error).toMatchObject({
      message: expect.stringContaining('the last error was: boom'),
      details: { last_error: BOOM },
    });
    expect(await types(due.id)).toEqual(['execution.queued', 'execution.failed']);
    const letters = await database.read('SELECT reason FROM dead_letters');
    expect(letters.map(({ reason }) => reason)).toEqual(ended.map(() => 'deadline_exceeded'));
    expect(await sweep()).toEqual([]);
    expect(await claim(early.id)).toMatchObject({ kind: 'claimed' });
  });

  it('leaves what runs to its worker for the grace', async () => {
    const { id } = await submit();
    await claimed(id);
    await setDeadline(id, -10_000);
    expect(await sweep()).toEqual([]);
  });

  it('ends what its worker did not end, and refuses whatever that worker still writes', async () => {
    const { id } = await submit();
    const fence = await claimed(id);
    await setDeadline(id, -16_000);

    const [ended] = await sweep();
    expect(ended).toMatchObject({ id, status: 'failed', workerId: null, epoch: fence.epoch + 1 });
    expect(await appendEvents(database, [{ fence, type: 'output.delta', data: {} }])).toEqual([false]);
    expect(await endRuns(database, [{ fence, ending: { kind: 'completed', output: 1 } }])).toEqual([null]);
    expect(await database.read('SELECT outcome FROM runs WHERE id = $1', [fence.runId])).toEqual([{ outcome: 'lost' }]);
    expect(await types(id)).toEqual(['execution.queued', 'execution.started', 'execution.failed']);
  });

  it('leaves what was asked to cancel to end as cancelled', async () => {
    const { id } = await submit();
    const fence = await claimed(id);
    await requestCancel(database, id, 'local');
    await setDeadline(id, -16_000);
    expect(await sweep()).toEqual([]);
    expect(await endRuns(database, [{ fence, ending: { kind: 'cancelled' } }])).toMatchObject([
      { status: 'cancelled' },
    ]);
  });

  it('passes once, however many sweep at the same moment', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await submit()).id);
    await database.run('UPDATE executions SET deadline_at = 1');
    const ended = (await Promise.all([sweep(), sweep(), sweep()])).flat();
    expect(ended.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('waits for no row that a stranger holds: the others end, and the next sweep tries that one', async () => {
    const { options } = get();
    if (options.backend !== 'postgres') return;
    const [held, free] = [await submit(), await submit()];
    for (const { id } of [held, free]) await setDeadline(id, -1);
    const stranger = new Client({ connectionString: options.url });
    await stranger.connect();
    try {
      await stranger.query('BEGIN');
      await stranger.query('SELECT 1 FROM executions WHERE id = $1 FOR UPDATE', [held.id]);
      expect((await sweep()).map(({ id }) => id)).toEqual([free.id]);
    } finally {
      await stranger.end();
    }
    await eventually(async () => (await sweep()).some(({ id }) => id === held.id));
  });

  it('lets participants write with it, and is held up by none that cannot', async () => {
    const told: string[] = [];
    const [good, bad, running] = [await submit(), await submit(), await submit()];
    class Picky extends TransitionParticipant {
      *write(_dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
        if (changes.some(({ execution }) => execution.id === bad.id)) {
          yield { sql: 'INSERT INTO nowhere VALUES (1)', silent: true };
        }
        told.push(...changes.map(({ transition }) => transition));
      }
    }
    const participants = new TransitionParticipants();
    participants.register(new Picky());
    await claimed(running.id);
    await database.run('UPDATE executions SET deadline_at = 1');

    const refused: string[] = [];
    const ended = await sweep(participants, (id) => refused.push(id));
    expect(ended.map(({ id }) => id).toSorted()).toEqual([good.id, running.id].toSorted());
    expect(refused).toEqual([bad.id]);
    expect(told).toContain('exceedDeadlineRunning');
  });
});
