import { RateLimits } from '@longhaul/executions';
import { describeOnDatabases, openTestDatabase } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { uniqueName } from '../../support/servers';

const DAY_MS = 86_400_000;

describeOnDatabases('Rate limits', (get) => {
  /** Four workers, each with connections of its own. */
  async function withWorkers(act: (workers: RateLimits[]) => Promise<void>): Promise<void> {
    const opened = await Promise.all([1, 2, 3, 4].map(() => openTestDatabase(get().options)));
    try {
      await act(opened.map(({ database }) => new RateLimits(database)));
    } finally {
      for (const { database, dataSource } of opened) {
        await database.close();
        await dataSource.destroy();
      }
    }
  }

  it('let as many in as the rate says, whichever of four workers asks', () =>
    withWorkers(async (workers) => {
      const name = uniqueName('tool');
      const rate = { amount: 10, perMs: DAY_MS };
      const asked = workers.flatMap((limits) => Array.from({ length: 15 }, () => limits.take(name, rate)));
      const waits = (await Promise.all(asked)).filter((ms) => ms > 0);
      expect(waits).toHaveLength(50);
      for (const wait of waits) expect(wait).toBeGreaterThan(DAY_MS - 100_000);
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(DAY_MS);
    }));

  it('let no window hold more, while four workers ask all the time', () =>
    withWorkers(async (workers) => {
      const name = uniqueName('tool');
      const start = performance.now();
      let taken = 0;
      const ask = async (limits: RateLimits) => {
        while (taken < 12) if ((await limits.take(name, { amount: 5, perMs: 1_000 })) === 0) taken += 1;
      };
      await Promise.all(workers.map(ask));
      // Twelve are in three windows, of which the first two are whole.
      expect(performance.now() - start).toBeGreaterThanOrEqual(2_000);
    }));

  it('say when the next is let in, and hold each name for itself', async () => {
    const limits = new RateLimits(get().database);
    const name = uniqueName('tool');
    const rate = { amount: 1, perMs: DAY_MS };
    expect(await limits.take(name, rate)).toBe(0);
    expect(await limits.take(uniqueName('tool'), rate)).toBe(0);
    expect(await limits.take(name, rate)).toBeGreaterThan(0);
    // By a window whose end comes soon.
    await eventually(async () => expect(await limits.take(name, { ...rate, perMs: 300 })).toBe(0));
  });

  it('count what four workers charge, and let who looks wait until enough of it is over', () =>
    withWorkers(async (workers) => {
      const name = uniqueName('tokens');
      const rate = { amount: 100, perMs: DAY_MS };
      const [one, two] = workers as [RateLimits, RateLimits];
      expect(await one.wait(name, rate)).toBe(0);
      await Promise.all(workers.map((limits) => limits.charge(name, rate, 24)));
      expect(await two.wait(name, rate)).toBe(0);
      await one.charge(name, rate, 500);
      expect(await two.wait(name, rate)).toBeGreaterThan(DAY_MS - 100_000);
    }));
});
