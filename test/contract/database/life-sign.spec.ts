import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { LifeSign, LifeSignEvents } from '@longhaul/database';
import { isProcessGone, ownMark } from '../../../libs/database/src/sqlite/process-mark';
import { openTestDatabase, type TestDatabase } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { describeWithOwnPostgres, freshDatabase } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';

/** As `PostgresLifeSign` has it. */
const RETAKE_WITHIN_MS = 500;

describeWithOwnPostgres('The life sign on PostgreSQL', (server) => {
  let proxy: TcpProxy;
  let shown: TestDatabase;
  let others: TestDatabase;
  let signs: LifeSign[];

  beforeEach(async () => {
    const { url } = await freshDatabase(server().url);
    proxy = await TcpProxy.before(url);
    others = await openTestDatabase({ backend: 'postgres', url, poolSize: 8 });
    shown = await openTestDatabase({ backend: 'postgres', url: proxy.url(url), poolSize: 2 });
    signs = [];
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    proxy.set({ kind: 'pass' });
    for (const sign of signs) await sign.close();
    for (const { database, dataSource } of [shown, others]) {
      await database.close();
      await dataSource.destroy();
    }
    await proxy.close();
  });

  async function show(events: Partial<LifeSignEvents> = {}): Promise<LifeSign> {
    const ignore = () => undefined;
    const sign = await shown.database.showLife({ onLost: ignore, onRestored: ignore, ...events });
    signs.push(sign);
    return sign;
  }

  /** Whether somebody else takes whoever shows it, and last said so after the server's start, for dead. */
  async function looksDead({ mark }: LifeSign, since = '9e15'): Promise<boolean> {
    const [row] = await others.database.read(`SELECT ${others.database.dialect.dead('$1', since)} AS dead`, [mark]);
    return row?.dead as boolean;
  }

  const endSession = ({ mark }: LifeSign) =>
    others.database.read(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND CAST($1 AS bigint) = (CAST(classid AS bigint) << 32) + CAST(objid AS bigint)`,
      [mark],
    );

  /** From now on nobody gives up because the server was slow to let it in. */
  function giveTime(): void {
    const real = setTimeout;
    const patient = (run: () => void, ms?: number) => real(run, ms === RETAKE_WITHIN_MS ? 30_000 : ms);
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(patient);
  }

  it('is seen as long as it is shown, and not after', async () => {
    const sign = await show();
    expect(await looksDead(sign)).toBe(false);
    expect(await sign.run('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await sign.close();
    await eventually(() => looksDead(sign));
  });

  it('is looked for by many at once, none of whom takes the look of another for life', async () => {
    const [alive, dead] = [await show(), await show()];
    await dead.close();
    await eventually(() => looksDead(dead));
    const look = (sign: LifeSign) => Promise.all(Array.from({ length: 100 }, () => looksDead(sign)));
    expect(new Set(await look(dead))).toEqual(new Set([true]));
    expect(new Set(await look(alive))).toEqual(new Set([false]));
  });

  it('says nothing of those who were last heard of before the server started', async () => {
    const sign = await show();
    await sign.close();
    await eventually(() => looksDead(sign));
    expect(await looksDead(sign, '0')).toBe(false);
  });

  it('is shown again when its session was ended, and says so', async () => {
    const told: string[] = [];
    const sign = await show({ onLost: () => told.push('lost'), onRestored: () => told.push('restored') });
    giveTime();
    await endSession(sign);
    await eventually(() => told.length > 0);
    expect(told).toEqual(['restored']);
    expect(await looksDead(sign)).toBe(false);
    expect(await sign.run('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is lost when it cannot be shown again at once, and lets nothing through any more', async () => {
    const told: string[] = [];
    const sign = await show({ onLost: (reason) => told.push(reason), onRestored: () => told.push('restored') });
    proxy.set({ kind: 'reset' });
    await eventually(() => told.length > 0);
    proxy.set({ kind: 'pass' });
    await expect(sign.run('SELECT 1')).rejects.toThrow(/session .* is lost/);
    await eventually(() => looksDead(sign));
    expect(told).toEqual([expect.stringMatching(/ECONNRESET|closed|terminated/)]);
  });

  it('is lost when the line is dead and nobody says so', async () => {
    let lost = false;
    const sign = await show({ onLost: () => (lost = true) });
    proxy.set({ kind: 'blackhole' });
    await expect(sign.run('SELECT 1')).rejects.toThrow(/timeout/i);
    await eventually(() => lost);
  });

  it('outlives a server that is away for longer than a session may be lost', async () => {
    const told: string[] = [];
    const sign = await show({ onLost: () => told.push('lost'), onRestored: () => told.push('restored') });
    // No proxy in between: it would accept connections for a server that does not.
    const direct = await others.database.showLife({
      onLost: () => told.push('direct lost'),
      onRestored: () => told.push('direct restored'),
    });
    signs.push(direct);
    await server().kill();
    await eventually(() => told.includes('lost'));
    // Only the direct one still tries, and as long as nobody listens.
    giveTime();
    await server().restart();
    await eventually(() => told.includes('direct restored'));
    expect(told).not.toContain('direct lost');
    await eventually(async () => !(await looksDead(direct)));
    await eventually(() => looksDead(sign));
  });
});

describe('The mark of a process', () => {
  const children: ChildProcess[] = [];

  function start(command: string): ChildProcess {
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  }

  afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

  const markOf = (pid: number | undefined, startedAt = '') => {
    const [scope] = ownMark().split(' ');
    return [scope, pid, startedAt].join(' ');
  };

  const startOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];

  it('is that of a living process, until it ends', async () => {
    const child = start('exec sleep 600');
    expect([isProcessGone(ownMark()), isProcessGone(markOf(child.pid))]).toEqual([false, false]);
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    expect(isProcessGone(markOf(child.pid))).toBe(true);
  });

  it('is not that of another process which has its pid now', () => {
    if (process.platform !== 'linux') return;
    expect(ownMark().split(' ')[2]).toMatch(/^\d+$/);
    expect(isProcessGone(markOf(process.pid, '1'))).toBe(true);
  });

  it('is gone with a process that is a zombie', async () => {
    if (process.platform !== 'linux') return;
    // The second program of this process knows nothing of the first one's child, and never asks for its end.
    const child = start('sleep 0.1 & echo $!; exec sleep 600');
    const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    await eventually(() => isProcessGone(markOf(zombie, startOf(zombie))));
    expect(process.kill(zombie, 0)).toBe(true);
  });

  it('says nothing of a process of another machine, boot or container', () => {
    expect(isProcessGone(`elsewhere ${2 ** 22 + 1} 1`)).toBe(false);
    expect(isProcessGone(markOf(2 ** 22 + 1))).toBe(true);
    expect(['', ' ', 'nonsense', markOf(0), markOf(Number.NaN)].filter(isProcessGone)).toEqual([]);
  });
});
