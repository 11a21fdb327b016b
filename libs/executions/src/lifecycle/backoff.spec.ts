import { backoffMs } from './backoff';

describe('backoffMs', () => {
  const waits = (kind: 'exponential' | 'linear' | 'fixed', random: number) =>
    [1, 2, 3, 4].map((attempt) => backoffMs({ kind, delayMs: 1_000 }, attempt, random));

  it('grows as it is told to', () => {
    expect(waits('fixed', 0)).toEqual([1_000, 1_000, 1_000, 1_000]);
    expect(waits('linear', 0)).toEqual([1_000, 2_000, 3_000, 4_000]);
    expect(waits('exponential', 0)).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('takes up to half away, so that what failed together does not come back together', () => {
    expect(waits('exponential', 0.998)).toEqual([501, 1_002, 2_004, 4_008]);
  });

  it('never waits longer than an hour, however many attempts there were', () => {
    expect(backoffMs({ kind: 'exponential', delayMs: 1_000 }, 100, 0)).toBe(3_600_000);
    expect(backoffMs({ kind: 'exponential', delayMs: 1_000 }, 100_000, 0)).toBe(3_600_000);
  });
});
