import type { Database } from '@longhaul/database';
import type { Execution } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { findAnswers, storeAnswer } from '../../../libs/agents/src/runtimes/http/answer-statements';
import type { RemoteAnswer } from '../../../libs/agents/src/runtimes/http/remote-answer';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import { endLease, registerWorker } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { describeOnDatabases } from '../../support/databases';

const done = (output: number): RemoteAnswer => ({ status: 'completed', output });
const failed: RemoteAnswer = { status: 'failed', error: { message: 'x', retryable: true } };
const progress = (percent: number): RemoteAnswer => ({ status: 'running', progress: { percent } });
const RETRY: RunEnding = {
  kind: 'retrying',
  error: { code: 'remote_error', message: 'x', retryable: true },
  delayMs: 0,
};

describeOnDatabases('What a remote agent says by callback', (get) => {
  let database: Database;
  let worker: string;
  let id: string;

  beforeAll(() => (database = get().database));
  beforeEach(async () => {
    worker = newId('wrk');
    await registerWorker(database, { id: worker, host: 'h', pid: 1, version: '0', queues: {} });
    const [outcome] = await submitAll(database, [submitCommand()], 1_000);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    id = outcome.execution.id;
  });

  async function claim(): Promise<Execution> {
    const [outcome] = await claimAll(database, [{ executionId: id, workerId: worker, solo: true }]);
    if (outcome?.kind !== 'claimed') throw new Error(`not claimed but ${outcome?.kind}`);
    return outcome.execution;
  }
  async function end({ runId, epoch }: Execution, ending: RunEnding): Promise<void> {
    await endRuns(database, [{ fence: { executionId: id, runId, workerId: worker, epoch }, ending }]);
  }
  const say = (answer: RemoteAnswer, attempt = 1) => storeAnswer(database, id, attempt, answer);
  const heard = async (attempt = 1) => (await findAnswers(database, [{ executionId: id, attempt }]))[0]?.answer;

  it('is kept while the run is live: progress, then more of it, then the result', async () => {
    await claim();
    expect(await heard()).toBeUndefined();
    for (const answer of [progress(1), progress(2), done(1)]) {
      expect(await say(answer)).toEqual({ kind: 'stored' });
      expect(await heard()).toEqual(answer);
    }
    expect(await say(done(1))).toEqual({ kind: 'repeated' });
    expect(await say(done(2))).toEqual({ kind: 'answered' });
    expect(await say(progress(3))).toEqual({ kind: 'answered' });
    expect(await heard()).toEqual(done(1));
  });

  it('is stored once, however many say it at once', async () => {
    await claim();
    const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => say(done(n))));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([...Array<string>(5).fill('answered'), 'stored']);
  });

  it('is kept while its worker is lost, for the next run of the same attempt', async () => {
    await claim();
    await endLease(database, worker);
    await takeBack(database, 1_000);
    expect(await say(failed)).toEqual({ kind: 'stored' });
    expect(await heard()).toEqual(failed);
  });

  it('counts for its own attempt if it is a failure, and for every one if it is the result', async () => {
    await end(await claim(), RETRY);
    expect(await say(failed)).toEqual({ kind: 'late', reason: 'attempt 1 is over' });
    await claim();
    expect(await say(progress(5))).toEqual({ kind: 'late', reason: 'attempt 1 is over' });
    expect(await heard(2)).toBeUndefined();
    expect(await say(done(1))).toEqual({ kind: 'stored' });
    expect(await heard(2)).toEqual(done(1));
    expect(await say(done(2), 2)).toEqual({ kind: 'answered' });
  });

  it('is refused before it was asked, for an attempt to come, and when nobody waits any more', async () => {
    expect(await say(done(1))).toEqual({ kind: 'never_asked', lastAttempt: 0 });
    const run = await claim();
    expect(await say(done(1), 2)).toEqual({ kind: 'never_asked', lastAttempt: 1 });
    await database.run('UPDATE executions SET cancel_requested_at = 1 WHERE id = $1', [id]);
    expect(await say(done(1))).toEqual({ kind: 'late', reason: 'the execution is being cancelled' });
    await end(run, { kind: 'cancelled' });
    expect(await say(done(1))).toEqual({ kind: 'late', reason: 'the execution has ended: cancelled' });
  });
});
