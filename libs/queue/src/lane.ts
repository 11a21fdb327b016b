import type { Priority } from '@longhaul/kernel';

/** How many turns of ten each priority gets while all have work. */
export const PRIORITY_WEIGHTS: Readonly<Record<Priority, number>> = { high: 6, default: 3, low: 1 };

/** A lane is a queue name with a priority, `research.high`: the only thing that a queue provider sees. */
export function laneOf(queue: string, priority: Priority): string {
  return `${queue}.${priority}`;
}
