/** Nobody is waited for longer, whatever his Retry-After says. */
const MAX_RETRY_AFTER_MS = 86_400_000;
/** Up to so much of a pause is added, so that what failed together does not come back together. */
const JITTER = 0.2;
/** What a delivery may be late in all, beyond its schedule: senders that were away, circuits that were open. */
const SLACK_MS = 86_400_000;

/**
 * Milliseconds until the next try after `tries` have failed, or null when there is none. A receiver that asks for more
 * time gets it.
 */
export function nextTryMs(
  scheduleMs: readonly number[],
  tries: number,
  retryAfterMs = 0,
  random: () => number = Math.random,
): number | null {
  const pause = scheduleMs[tries - 1];
  if (pause === undefined) return null;
  return Math.round(Math.max(pause, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS)) * (1 + JITTER * random()));
}

/** How long after it was ordered a delivery is given up, whatever became of its tries. */
export function patienceMs(scheduleMs: readonly number[]): number {
  const pauses = scheduleMs.reduce((sum, pause) => sum + pause, 0);
  return Math.round(pauses * (1 + JITTER)) + SLACK_MS;
}
