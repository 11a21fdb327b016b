import type { Rate } from './rate';

/** Calls that were so close together that they are counted as one moment: the first, the last, how many. */
export type Mark = [first: number, last: number, calls: number];

/** So many marks at most; a mark is as wide as its part of the window. */
const MARKS = 64;

export type Taken = { ok: true; marks: Mark[] } | { ok: false; retryAfterMs: number };

/**
 * One call more, where the window that ends now has room for it. Exact for calls that are further apart than a
 * sixty-fourth of the window; closer ones leave it together with the last of them, so that no window of that length
 * ever holds more calls than the rate says.
 */
export function takeFrom(all: readonly Mark[], { calls, perMs }: Rate, at: number): Taken {
  // A clock that went back does not make room.
  const now = Math.max(at, all.at(-1)?.[1] ?? 0);
  const marks = all.filter(([, last]) => last > now - perMs);
  let before = marks.reduce((sum, [, , count]) => sum + count, 0);
  if (before >= calls) {
    const free = marks.find(([, , count]) => (before -= count) < calls);
    return { ok: false, retryAfterMs: Math.max(1, (free?.[1] ?? now) + perMs - at) };
  }
  const [first, , count] = marks.at(-1) ?? [-Infinity, 0, 0];
  if (now - first >= perMs / MARKS) return { ok: true, marks: [...marks, [now, now, 1]] };
  return { ok: true, marks: [...marks.slice(0, -1), [first, now, count + 1]] };
}
