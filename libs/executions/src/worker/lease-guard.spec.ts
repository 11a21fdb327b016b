import { LeaseGuard } from './lease-guard';

const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('The guard of a lease', () => {
  const falls: string[] = [];
  const guardOf = (spanMs: number) => new LeaseGuard(spanMs, (reason) => falls.push(reason));

  beforeEach(() => falls.splice(0));

  it('does not hold before there was a lease, and then until it is released', () => {
    const guard = guardOf(60_000);
    expect(guard.holds).toBe(false);
    guard.renewed(performance.now());
    expect(guard.holds).toBe(true);
    guard.release();
    expect([guard.holds, falls]).toEqual([false, []]);
  });

  it('does not hold when its time is over, although the event loop stood still and no timer has fired', () => {
    const guard = guardOf(20);
    guard.renewed(performance.now());
    standStill(30);
    expect(falls).toEqual([]);
    expect([guard.holds, guard.holds, falls.length]).toEqual([false, false, 1]);
  });

  it('falls by itself when nobody asks', async () => {
    const fallen = new Promise<string>((resolve) => new LeaseGuard(5, resolve).renewed(performance.now()));
    expect(await fallen).toMatch(/could not be renewed in time/);
  });

  it('counts from the moment at which the renewal was sent', () => {
    const guard = guardOf(20);
    guard.renewed(performance.now() - 30);
    expect(guard.holds).toBe(false);
  });

  it('falls once, for the first reason', () => {
    const guard = guardOf(60_000);
    guard.renewed(performance.now());
    guard.fall('one');
    guard.fall('other');
    expect([guard.holds, falls]).toEqual([false, ['one']]);
  });
});
