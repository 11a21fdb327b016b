import type { Database, Dialect, Write } from '@longhaul/database';
import { type TransitionChange, TransitionParticipant, TransitionParticipants } from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import { endLease } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';

const DAY_MS = 86_400_000;
const BOOM = { code: 'agent_error', message: 'boom', retryable: true };

/** Keeps each change that it is told of, in the same transaction; breaks it where the test wants that. */
class Ledger extends TransitionParticipant {
  calls = 0;
  breaks = false;
  breaksFor: string | undefined;

  *write(_dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
    this.calls += 1;
    for (const { transition, execution } of changes) {
      yield {
        sql: 'INSERT INTO ledger (id, transition, status) VALUES ($1, $2, $3)',
        params: [execution.id, transition, execution.status],
        silent: true,
      };
    }
    if (this.breaks || changes.some(({ execution }) => execution.id === this.breaksFor))
      yield { sql: 'INSERT INTO nowhere VALUES (1)', silent: true };
  }
}

describeOnDatabases('Who takes part in transitions', (get) => {
  let database: Database;
  let worker: string;
  let ledger: Ledger;
  let participants: TransitionParticipants;

  beforeAll(async () => {
    database = get().database;
    await database.run('CREATE TABLE ledger (id varchar(40), transition varchar(40), status varchar(40))');
  });
  beforeEach(async () => {
    await empty(database, 'ledger');
    ledger = new Ledger();
    participants = new TransitionParticipants();
    participants.register(ledger);
    worker = await registeredWorker(database);
  });
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function submit(count: number): Promise<string[]> {
    const commands = Array.from({ length: count }, () => submitCommand());
    const outcomes = await submitAll(database, commands, DAY_MS, participants);
    return outcomes.map((outcome) => {
      if (outcome instanceof LonghaulError) throw outcome;
      return outcome.execution.id;
    });
  }

  async function claimed(...ids: string[]): Promise<Fence[]> {
    const requests = ids.map((executionId) => ({ executionId, workerId: worker, solo: true }));
    return (await claimAll(database, requests, participants)).map((outcome) => {
      if (outcome.kind !== 'claimed') throw new Error(`not claimed but ${outcome.kind}`);
      return {
        executionId: outcome.execution.id,
        runId: outcome.execution.runId,
        workerId: worker,
        epoch: outcome.execution.epoch,
      };
    });
  }

  const end = (fences: Fence[], ending: RunEnding) =>
    endRuns(
      database,
      fences.map((fence) => ({ fence, ending })),
      participants,
    );
  const done: RunEnding = { kind: 'completed', output: 1, usage: null };
  const story = async (id = '') =>
    (await database.read(`SELECT transition, status FROM ledger WHERE id = $1 OR $1 = ''`, [id])).map(
      (row) => `${String(row.transition)}: ${String(row.status)}`,
    );

  it('is told of every transition with the execution as it stands after it, all of a batch at once', async () => {
    const [a, b, c, d] = (await submit(4)) as [string, string, string, string];
    const fences = await claimed(a, b);
    await end(fences.slice(0, 1), done);
    await end(fences.slice(1), { kind: 'retrying', error: BOOM, delayMs: 0 });
    const again = await claimed(b);
    await end(again, { kind: 'released' });
    const last = await claimed(b);
    await requestCancel(database, b, 'local', participants);
    await end(last, { kind: 'cancelled' });
    await requestCancel(database, c, 'local', participants);
    for (let loss = 0; loss < 3; loss += 1) {
      worker = await registeredWorker(database);
      await claimed(d);
      await endLease(database, worker);
      await takeBack(database, 10, participants);
    }
    expect(await story(a)).toEqual(['submit: queued', 'claim: running', 'complete: completed']);
    expect(await story(b)).toEqual([
      'submit: queued',
      'claim: running',
      'retry: queued',
      'claim: running',
      'release: queued',
      'claim: running',
      'requestCancel: running',
      'cancelRunning: cancelled',
    ]);
    expect(await story(c)).toEqual(['submit: queued', 'cancelQueued: cancelled']);
    expect(await story(d)).toEqual([
      'submit: queued',
      'claim: running',
      'loseLease: queued',
      'claim: running',
      'loseLease: queued',
      'claim: running',
      'loseLeaseTooOften: failed',
    ]);
    // One for the four submissions, one for the two claims of the first batch, one for each of the rest.
    expect(ledger.calls).toBe(1 + 1 + 8 + 6);
  });

  it('hears nothing of what was refused: a stale run, a replay, a claim of what is gone', async () => {
    const keyed = submitCommand({ idempotency: { route: 'r', key: newId('corr'), bodyHash: 'h' } });
    const [outcome] = await submitAll(database, [keyed, keyed], DAY_MS, participants);
    const id = outcome && 'execution' in outcome ? outcome.execution.id : '';
    const stale = await claimed(id);
    await endLease(database, worker);
    await takeBack(database, 10, participants);
    worker = await registeredWorker(database);
    const present = await claimed(id);
    expect((await end([...stale, ...present], done)).map((execution) => execution?.status)).toEqual([
      undefined,
      'completed',
    ]);
    await claimAll(database, [{ executionId: id, workerId: worker, solo: true }], participants);
    await end(present, done);
    await requestCancel(database, id, 'local', participants);
    expect(await story()).toEqual([
      'submit: queued',
      'claim: running',
      'loseLease: queued',
      'claim: running',
      'complete: completed',
    ]);
  });

  it('holds up only that execution of a lost worker whose rows are refused', async () => {
    const [a, b, c] = (await submit(3)) as [string, string, string];
    await claimed(a, b, c);
    await endLease(database, worker);
    ledger.breaksFor = b;
    const refused: string[] = [];
    const taken = await takeBack(database, 10, participants, (id) => refused.push(id));
    expect(taken.map(({ id, status }) => [id, status])).toEqual([a, c].toSorted().map((id) => [id, 'queued']));
    expect(refused).toEqual([b]);
    ledger.breaksFor = undefined;
    expect(await takeBack(database, 10, participants)).toMatchObject([{ id: b, status: 'queued' }]);
  });

  it('takes the transition along when what it writes is refused', async () => {
    const [id] = (await submit(1)) as [string];
    const fences = await claimed(id);
    ledger.breaks = true;
    await expect(end(fences, done)).rejects.toThrow(/nowhere/);
    await expect(submit(2)).rejects.toThrow(/nowhere/);
    const rows = await database.read('SELECT status FROM executions');
    expect(rows).toEqual([{ status: 'running' }]);
    expect(await story()).toEqual(['submit: queued', 'claim: running']);
    ledger.breaks = false;
    expect((await end(fences, done)).map((execution) => execution?.status)).toEqual(['completed']);
  });
});
