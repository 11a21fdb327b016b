import type { Rate } from '@longhaul/config';

/** What was taken so close together that it counts as one moment: the first, the last, how much. */
export type Mark = [first: number, last: number, amount: number];

/** So many marks at most; a mark is as wide as its part of the window. */
const MARKS = 64;

/** How long until the window that ends then has room for one more; 0: it has now. */
export function waitFor(all: readonly Mark[], { amount, perMs }: Rate, at: number): number {
  const now = latest(all, at);
  const marks = within(all, perMs, now);
  let before = marks.reduce((sum, [, , taken]) => sum + taken, 0);
  if (before < amount) return 0;
  const free = marks.find(([, , taken]) => (before -= taken) < amount);
  return Math.max(1, (free?.[1] ?? now) + perMs - at);
}

/**
 * The marks with so much more taken. Exact for what is further apart than a sixty-fourth of the window; what is closer
 * leaves it together with the last of it: no window of that length ever holds more than the rate says where one at a
 * time is taken, and only while `waitFor` says 0.
 */
export function withTaken(all: readonly Mark[], { perMs }: Rate, at: number, amount: number): Mark[] {
  const now = latest(all, at);
  const marks = within(all, perMs, now);
  const [first, , taken] = marks.at(-1) ?? [-Infinity, 0, 0];
  if (now - first >= perMs / MARKS) return [...marks, [now, now, amount]];
  return [...marks.slice(0, -1), [first, now, taken + amount]];
}

/** A clock that went back does not make room. */
function latest(marks: readonly Mark[], at: number): number {
  return Math.max(at, marks.at(-1)?.[1] ?? 0);
}

function within(marks: readonly Mark[], perMs: number, now: number): Mark[] {
  return marks.filter(([, last]) => last > now - perMs);
}
