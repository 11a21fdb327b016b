import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openTestDatabase, type TestDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { Crowd } from './support/crowd';
import { describeFault } from './support/describe-fault';
import type { FaultWorld, Op } from './support/fault-world';

/** A disk so small that it can be filled can be mounted by root alone; the others have the case on `Database`. */
const CAN_MOUNT = process.getuid?.() === 0 && process.platform === 'linux';
/** So that a small disk is soon full. */
const LARGE: Op[] = [
  { op: 'say', text: 'x'.repeat(20_000) },
  { op: 'effect', name: 'done' },
];

/** Puts the database of this world, before it starts, on a disk of its own; answers how it gets full, and empty again. */
function smallDisk(world: FaultWorld, megabytes: number): { fill(): void; makeRoom(): void } {
  const folder = dirname(world.databaseUrl);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  world.afterwards(() => execFileSync('umount', ['--lazy', folder]));
  const ballast = join(folder, 'ballast');
  return {
    fill() {
      try {
        for (;;) appendFileSync(ballast, Buffer.alloc(65_536));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOSPC') throw error;
      }
    },
    makeRoom: () => rmSync(ballast),
  };
}

describeFault({
  id: 'F28',
  title: 'the disk is full: 503 and no 202, nothing that was acknowledged is lost, and it goes on when there is room',
  on: CAN_MOUNT ? ['memory/sqlite'] : [],
  alsoOn: CAN_MOUNT ? ['redis/sqlite', 'rabbitmq/sqlite'] : [],
  async run(world) {
    const disk = smallDisk(world, 24);
    const worker = await world.start();
    world.ledger.hold('go');
    const running = await world.work([{ op: 'effect', name: 'go' }]);
    await world.ledger.happened('go');
    const crowd = new Crowd(world, 4, LARGE);
    await crowd.acceptedMore(5);
    disk.fill();
    await crowd.answered(503);
    const refused = await world.eventually(async () => {
      const response = await world.api.post('/v1/agents/work/invoke', { input: { do: LARGE } });
      return response.status === 503 && ((await response.json()) as object);
    });
    expect(refused).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('disk') });
    world.ledger.release('go');
    await worker.until(() => worker.log.includes('database or disk is full'));
    disk.makeRoom();
    await crowd.acceptedMore(5);
    await crowd.leave();
    expect([...crowd.answers.keys()].filter((status) => ![202, 503].includes(status))).toEqual([]);
    const executions = await world.ended([running, ...crowd.ids]);
    expect(executions.filter(({ status }) => status !== 'completed')).toEqual([]);
  },
});

describeFault({
  id: 'F30',
  title: 'API and two workers write one SQLite file; a worker and then the API are killed in the middle',
  on: ['redis/sqlite'],
  alsoOn: ['rabbitmq/sqlite'],
  async run(world) {
    await world.startApi();
    const victim = await world.startWorker();
    await world.startWorker();
    const crowd = new Crowd(world, 8, [
      { op: 'say', times: 3 },
      { op: 'effect', name: 'done' },
      { op: 'sleep', ms: 50 },
    ]);
    await crowd.acceptedMore(20);
    await victim.signal('SIGKILL');
    await crowd.acceptedMore(20);
    await world.killApi();
    await world.startApi();
    await crowd.acceptedMore(20);
    await crowd.leave();
    await crowd.expectEachOnce();
  },
});

describe('F28-F29: writes on one SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-fault-'));
  let opened: TestDatabase;
  beforeEach(async () => {
    const url = join(mkdtempSync(join(folder, 'db-')), 'longhaul.db');
    opened = await openTestDatabase({ backend: 'sqlite', url, poolSize: 1 });
  });
  afterEach(async () => {
    await opened.database.close();
    await opened.dataSource.destroy();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const INSERT = `INSERT INTO workers (id, host, pid, version, queues, started_at, renewed_at)
                  VALUES ($1, $2, 1, 'v', '{}', 0, 0)`;
  const stored = async () => (await opened.database.read('SELECT id FROM workers')).map((row) => String(row.id));

  /** The ids of the writes that resolved. */
  async function kept(writes: Promise<string>[]): Promise<string[]> {
    const outcomes = await Promise.allSettled(writes);
    return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  }

  it('F28: when the file may grow no more, what resolved is there, and it goes on when it may', async () => {
    const { database } = opened;
    const write = (id: string) =>
      database.write(function* () {
        yield { sql: INSERT, params: [id, 'x'.repeat(50_000)] };
        return id;
      });
    const [row] = await database.run('PRAGMA page_count');
    await database.run(`PRAGMA max_page_count = ${Number(row?.['page_count']) + 100}`);
    const first = await kept(Array.from({ length: 50 }, (_, n) => write(`alone-${n}`)));
    // Those that came together share one transaction, which the full file takes back as a whole.
    expect(first.length).toBeLessThan(50);
    const alone: string[] = [];
    const refusal = await (async () => {
      for (let n = 0; ; n += 1) {
        const outcome = await write(`one-${n}`).catch((error: unknown) => error as Error);
        if (typeof outcome !== 'string') return outcome;
        alone.push(outcome);
      }
    })();
    expect(refusal).toMatchObject({ code: 'SQLITE_FULL' });
    expect(database.isRefusal(refusal)).toBe(false);
    expect((await stored()).toSorted()).toEqual([...first, ...alone].toSorted());
    await database.run('PRAGMA max_page_count = 1000000');
    const later = await write('later');
    expect(new Set(await stored())).toEqual(new Set([...first, ...alone, later]));
  });

  /** 50 at once, one of which rolls back: the ids that resolved and are not there. */
  async function lostOf50(write: (id: string, fails: boolean) => Promise<string>): Promise<string[]> {
    const resolved = await kept(Array.from({ length: 50 }, (_, n) => write(`w${n}`, n === 0)));
    const there = new Set(await stored());
    return resolved.filter((id) => !there.has(id));
  }

  it('F29: of 50 writers at once, one of which rolls back, none that resolved is lost', async () => {
    const lost = await lostOf50((id, fails) =>
      opened.database.write(function* () {
        yield { sql: INSERT, params: [id, 'h'] };
        if (fails) throw new Error('changed my mind');
        return id;
      }),
    );
    expect(lost).toEqual([]);
    expect(await stored()).toHaveLength(49);
  });

  it("F29: goes red without the single writer: the same on the ORM's own connection loses what resolved", async () => {
    const { dataSource } = opened;
    const insert = (id: string) => INSERT.replace('$1', `'${id}'`).replace('$2', `'h'`);
    let written = 0;
    const lost = await lostOf50(async (id, fails) => {
      if (fails) {
        await dataSource.transaction(async (manager) => {
          await manager.query(insert(id));
          // Whatever a caller may wait for in the middle of it: the others write into what is his to take back.
          await eventually(() => written > 0);
          throw new Error('changed my mind');
        });
      }
      await new Promise((resolve) => setImmediate(resolve));
      await dataSource.query(insert(id));
      written += 1;
      return id;
    });
    expect(lost.length).toBeGreaterThan(0);
    console.log(`F29 without the single writer: ${lost.length} of 49 writes that resolved are gone`);
  });
});
