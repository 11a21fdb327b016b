import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { submitCommand } from '@longhaul/executions/testing';
import { newId } from '@longhaul/kernel';
import { ActiveRuns } from '../../../libs/executions/src/worker/active-runs';
import { ExecutionProcessor } from '../../../libs/executions/src/worker/execution-processor';
import { countQueued, findDue } from '../../../libs/executions/src/statements/due';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { eventually } from '../../support/eventually';
import { openTestDatabase } from '../../support/databases';

beforeAll(() => Logger.overrideLogger(false));
const job = (executionId = newId('exec')) => ({ v: 1 as const, jobId: newId('job'), executionId });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function processor(writes: object, runs = new ActiveRuns(), lease: { id: string } = { id: 'wrk_1' }) {
  const kinds = {
    find: () => ({
      targets: { find: () => undefined },
      handler: {
        run: (c: { signal: AbortSignal }) =>
          new Promise((_, no) => c.signal.addEventListener('abort', () => no(c.signal.reason))),
      },
    }),
  };
  const quiet = { publish: () => undefined, ring: () => undefined };
  return new ExecutionProcessor(writes as never, lease as never, runs, kinds as never, quiet as never, quiet as never);
}
const execution = (id: string) => ({
  id,
  runId: 'run_1',
  epoch: 1,
  kind: 'agent',
  target: 't',
  timeoutMs: null,
  attempt: 1,
  maxAttempts: 1,
});

describe('The processor under a bad star', () => {
  it('does not look a claim up more and more often while the database is away', async () => {
    let away = true;
    let looks = 0;
    const one = newId('exec');
    const p = processor({
      claims: { add: () => Promise.reject(new Error('away')) },
      fenceOf: () => (away ? ((looks += 1), Promise.reject(new Error('away'))) : Promise.resolve(null)),
    });
    // The lane offers the same ring once a second; here are sixty seconds of that.
    for (let n = 0; n < 60; n += 1) await p.process(job(one), { ack: () => Promise.resolve(), solo: false });
    looks = 0;
    await pause(1_100);
    away = false;
    await pause(600);
    expect(looks).toBeLessThan(10);
  });

  it('never gives back what it is about to run', async () => {
    const id = newId('exec');
    let claims = 0;
    const ended: string[] = [];
    let acked: () => void = () => undefined;
    const p = processor({
      claims: {
        add: () =>
          claims++ === 0
            ? Promise.reject(new Error('away'))
            : Promise.resolve({ kind: 'claimed', execution: execution(id) }),
      },
      // The look-up of the failed claim comes through while the second claim waits for the broker's ack.
      fenceOf: async () => (
        await eventually(() => claims === 2),
        { executionId: id, runId: 'run_1', workerId: 'wrk_1', epoch: 1 }
      ),
      endings: {
        add: ({ ending }: { ending: { kind: string } }) => (
          ended.push(ending.kind),
          Promise.resolve({ id, status: 'queued', countsAttempt: false })
        ),
      },
    });
    await p.process(job(id), { ack: () => Promise.resolve(), solo: false });
    void p.process(job(id), { ack: () => new Promise((resolve) => (acked = resolve)), solo: false });
    await pause(100);
    acked();
    await pause(50);
    expect(ended).toEqual([]);
  });

  it('runs nothing that was claimed under a lease which it has given up meanwhile', async () => {
    const id = newId('exec');
    const runs = new ActiveRuns();
    const lease = { id: 'wrk_1' };
    let claimed: (o: object) => void = () => undefined;
    const p = processor(
      {
        claims: { add: () => new Promise((resolve) => (claimed = resolve)) },
        endings: { add: () => Promise.resolve(null) },
      },
      runs,
      lease,
    );
    void p.process(job(id), { ack: () => Promise.resolve(), solo: false });
    await pause(10);
    runs.abortAll('lease_lost');
    lease.id = 'wrk_2';
    claimed({ kind: 'claimed', execution: execution(id) });
    await pause(20);
    expect(runs.has(id)).toBe(false);
  });

  it('looks at a backlog of 100,000 on SQLite without holding the loop', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-backlog-'));
    const { database, dataSource } = await openTestDatabase({
      backend: 'sqlite',
      url: join(folder, 'x.db'),
      poolSize: 1,
    });
    for (let n = 0; n < 20; n += 1) {
      await submitAll(
        database,
        Array.from({ length: 5_000 }, (_, i) => submitCommand({ queue: i % 2 ? 'a' : 'default' })),
        1,
      );
    }
    const time = async (what: () => Promise<unknown>) => {
      await what();
      const t = performance.now();
      await what();
      return Math.round((performance.now() - t) * 10) / 10;
    };
    const times = {
      findOne: await time(() => findDue(database, ['default'], 4)),
      findTwo: await time(() => findDue(database, ['default', 'a'], 4)),
      count: await time(() => countQueued(database, 100_000)),
    };
    const plan = (
      await database.read(
        `EXPLAIN QUERY PLAN SELECT id FROM executions WHERE status = 'queued' AND due_at <= 99999999999999 AND queue IN (SELECT x.name FROM ${database.dialect.recordset('x', { name: 'text' }, '$1')}) ORDER BY due_at LIMIT 4`,
        ['[{"name":"default"}]'],
      )
    ).map((r) => r.detail);
    await database.close();
    await dataSource.destroy();
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(`TIMES ${JSON.stringify({ times, plan })}\n`);
    expect(times.findTwo).toBeLessThan(5);
  }, 60_000);
});
