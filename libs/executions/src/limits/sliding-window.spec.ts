import fc from 'fast-check';
import { type Mark, waitFor, withTaken } from './sliding-window';

describe('The window that slides', () => {
  /** Takes at each moment; the moments at which it was let. */
  function letAt(moments: number[], amount: number, perMs: number) {
    let marks: Mark[] = [];
    const taken: number[] = [];
    for (const at of moments) {
      if (waitFor(marks, { amount, perMs }, at) > 0) continue;
      marks = withTaken(marks, { amount, perMs }, at, 1);
      taken.push(at);
    }
    return { taken, marks };
  }

  it('never holds more calls than the rate says, whenever they come, and stays small', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (steps, calls) => {
        let at = 1_000_000;
        const { taken, marks } = letAt(
          steps.map((step) => (at += step)),
          calls,
          1_000,
        );
        taken.forEach((moment, index) => {
          const next = taken[index + calls];
          if (next !== undefined) expect(next - moment).toBeGreaterThanOrEqual(1_000);
        });
        expect(marks.length).toBeLessThanOrEqual(66);
      }),
    );
  });

  it('lets the next in when it says, and not before', () => {
    const { marks } = letAt([0, 100, 200], 3, 1_000);
    const rate = { amount: 3, perMs: 1_000 };
    expect([300, 999, 1_000].map((at) => waitFor(marks, rate, at))).toEqual([700, 1, 0]);
  });

  it('makes no room by a clock that goes back, nor by a rate that was lowered', () => {
    const { marks } = letAt([5_000, 5_100, 5_200], 3, 1_000);
    expect(waitFor(marks, { amount: 3, perMs: 1_000 }, 10)).toBeGreaterThan(0);
    expect(waitFor(marks, { amount: 1, perMs: 1_000 }, 5_300)).toBe(900);
  });

  it('has no room after it was overdrawn until enough of it has left', () => {
    const rate = { amount: 100, perMs: 1_000 };
    const marks = withTaken(withTaken(withTaken([], rate, 0, 60), rate, 400, 120), rate, 500, 5);
    expect(waitFor(marks, rate, 600)).toBe(800);
    expect(waitFor(marks, rate, 1_399)).toBe(1);
    expect(waitFor(marks, rate, 1_400)).toBe(0);
  });
});
