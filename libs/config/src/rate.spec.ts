import { parseRate, RATE_FORM } from './rate';

describe('A rate', () => {
  it.each([
    ['10/m', 10, 60_000],
    ['1/s', 1, 1_000],
    ['100/15m', 100, 900_000],
    ['5000/h', 5_000, 3_600_000],
    ['2/d', 2, 86_400_000],
    ['100k/m', 100_000, 60_000],
    ['2M/h', 2_000_000, 3_600_000],
  ])('%s is %d in %d ms', (text, amount, perMs) => {
    expect(RATE_FORM.test(text)).toBe(true);
    expect(parseRate(text)).toEqual({ amount, perMs });
  });

  it.each(['0/m', '10', '10/week', '1.5k/m', '10/0m', '-1/s', '10 / m', '10K/m', '1e9/s'])('is not %s', (text) => {
    expect(RATE_FORM.test(text)).toBe(false);
  });
});
