import { Database, type Row, type SqlValue, type Write } from '@longhaul/database';
import { type Execution, type SubmitCommand } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { Batcher, LonghaulError, newId } from '@longhaul/kernel';
import { appendEvents } from '../../../libs/executions/src/statements/append-events';
import { type ClaimOutcome, type ClaimRequest, claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type Fence } from '../../../libs/executions/src/statements/end-run';
import { takeDueRings } from '../../../libs/executions/src/statements/due';
import { registerWorker } from '../../../libs/executions/src/statements/leases';
import { submitAll, type SubmitOutcome } from '../../../libs/executions/src/statements/submit';
import { describeOnDatabases } from '../../support/databases';

/** The commit goes through, its answer does not: what a cut between COMMIT and its reply looks like. */
class LosesCommitReply extends Database {
  lose = 0;
  constructor(private readonly inner: Database) {
    super();
  }
  get dialect() {
    return this.inner.dialect;
  }
  async write<T>(fn: () => Write<T>): Promise<T> {
    const value = await this.inner.write(fn);
    if (this.lose-- > 0) throw new Error('Connection terminated unexpectedly');
    return value;
  }
  run(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return this.inner.run(sql, params);
  }
  read(sql: string, params?: readonly SqlValue[]): Promise<Row[]> {
    return this.inner.read(sql, params);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

describeOnDatabases('The statements under a bad star', (get) => {
  let database: Database;
  let worker: string;
  beforeAll(() => {
    database = get().database;
  });
  beforeEach(async () => {
    for (const table of ['executions', 'events', 'runs', 'workers', 'idempotency_keys'])
      await database.run(`DELETE FROM ${table}`);
    worker = newId('wrk');
    await registerWorker(database, { id: worker, host: 'h', pid: 1, version: '0', queues: {} });
  });
  async function submit(more: Partial<SubmitCommand> = {}): Promise<Execution> {
    const [outcome] = await submitAll(database, [submitCommand(more)], 1_000);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution;
  }

  it('claims lost with the reply to a batch are not answered as gone', async () => {
    const lossy = new LosesCommitReply(database);
    lossy.lose = 1;
    const claims = new Batcher<ClaimRequest, ClaimOutcome>((requests) => claimAll(lossy, requests), { maxItems: 64 });
    const ids = [(await submit()).id, (await submit()).id];
    const outcomes = await Promise.allSettled(
      ids.map((executionId) => claims.add({ executionId, workerId: worker, solo: false })),
    );
    const rows = await database.read('SELECT status FROM executions');
    // Either the processor is told of an error (and gives back), or of the claim. `gone` = acked, forgotten, running.
    expect({ outcomes: outcomes.map((o) => (o.status === 'fulfilled' ? o.value.kind : 'error')), rows }).toEqual({
      outcomes: ['error', 'error'],
      rows: [{ status: 'running' }, { status: 'running' }],
    });
  });

  it('submissions whose reply was lost in a batch exist once', async () => {
    const lossy = new LosesCommitReply(database);
    lossy.lose = 1;
    const submissions = new Batcher<SubmitCommand, SubmitOutcome | LonghaulError>((c) => submitAll(lossy, c, 1_000));
    await Promise.allSettled([submissions.add(submitCommand()), submissions.add(submitCommand())]);
    const [row] = await database.read('SELECT count(*) AS n FROM executions');
    expect(row?.n).toBe(2);
  });

  it('stores nothing of a stale run that shares a batch with the present one', async () => {
    const { id } = await submit();
    const claim = async (): Promise<Fence> => {
      const [o] = await claimAll(database, [{ executionId: id, workerId: worker, solo: false }]);
      if (o?.kind !== 'claimed') throw new Error('not claimed');
      return { executionId: id, runId: o.execution.runId, workerId: worker, epoch: o.execution.epoch };
    };
    const stale = await claim();
    await endRuns(database, [{ fence: stale, ending: { kind: 'released' } }]);
    const present = await claim();
    const append = (fence: Fence) => ({ fence, type: 'output.delta' as const, data: {} });
    const results = [
      await appendEvents(database, [append(present), append(stale)]),
      await appendEvents(database, [append(stale), append(present)]),
    ];
    expect(results).toEqual([
      [true, false],
      [false, true],
    ]);
    const foreign = await database.read(`SELECT 1 FROM events WHERE run_id = $1 AND type = 'output.delta'`, [
      stale.runId,
    ]);
    expect(foreign).toEqual([]);
  });

  it('a due-ring look answers no more than its limit', async () => {
    await submitAll(
      database,
      Array.from({ length: 500 }, () => submitCommand()),
      1_000,
    );
    await database.run('UPDATE executions SET ring_after = 1');
    expect((await takeDueRings(database, 10)).length).toBe(10);
  });

  it('re-rings no backlog at full speed', async () => {
    await submitAll(
      database,
      Array.from({ length: 1_000 }, () => submitCommand()),
      1_000,
    );
    await database.run('UPDATE executions SET ring_after = 1, due_at = 1');
    await takeDueRings(database, 1_000);
    const [row] = await database.read(
      `SELECT count(*) AS n FROM executions WHERE ring_after <= ${database.dialect.now} + 600000`,
    );
    // All 1,000 are due again ten minutes later, and so every ten minutes for as long as they wait.
    expect(row?.n).toBe(0);
  });

  it('two batches of claims in opposite orders do not deadlock', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 64; i++) ids.push((await submit()).id);
    let slowest = 0;
    for (let round = 0; round < 20; round++) {
      await database.run(`UPDATE executions SET status = 'queued', worker_id = NULL, run_id = id || '${round}'`);
      await database.run('DELETE FROM events');
      await database.run('DELETE FROM runs');
      const requests = ids.map((executionId) => ({ executionId, workerId: worker, solo: false }));
      const started = performance.now();
      await Promise.all([claimAll(database, requests), claimAll(database, requests.toReversed())]);
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(slowest).toBeLessThan(900);
  });
});
