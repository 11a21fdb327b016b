import fc from 'fast-check';
import { parseRate } from './rate';
import { type Mark, takeFrom } from './sliding-window';

describe('A rate', () => {
  it.each([
    ['10/m', 10, 60_000],
    ['1/s', 1, 1_000],
    ['100/15m', 100, 900_000],
    ['5000/h', 5_000, 3_600_000],
    ['2/d', 2, 86_400_000],
  ])('%s is %d calls in %d ms', (text, calls, perMs) => expect(parseRate(text)).toEqual({ calls, perMs }));
});

describe('The window that slides', () => {
  /** Takes at each moment; the moments at which it was let. */
  function letAt(moments: number[], calls: number, perMs: number) {
    let marks: Mark[] = [];
    const taken: number[] = [];
    for (const at of moments) {
      const result = takeFrom(marks, { calls, perMs }, at);
      if (!result.ok) continue;
      marks = result.marks;
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
    expect(takeFrom(marks, { calls: 3, perMs: 1_000 }, 300)).toEqual({ ok: false, retryAfterMs: 700 });
    expect(takeFrom(marks, { calls: 3, perMs: 1_000 }, 999)).toEqual({ ok: false, retryAfterMs: 1 });
    expect(takeFrom(marks, { calls: 3, perMs: 1_000 }, 1_000)).toMatchObject({ ok: true });
  });

  it('makes no room by a clock that goes back, nor by a rate that was lowered', () => {
    const { marks } = letAt([5_000, 5_100, 5_200], 3, 1_000);
    expect(takeFrom(marks, { calls: 3, perMs: 1_000 }, 10)).toMatchObject({ ok: false });
    expect(takeFrom(marks, { calls: 1, perMs: 1_000 }, 5_300)).toEqual({ ok: false, retryAfterMs: 900 });
  });
});
