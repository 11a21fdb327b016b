/** The three priorities, most urgent first, and how many turns each gets of ten while all have work. */
export const PRIORITY_WEIGHTS = { high: 6, default: 3, low: 1 } as const;
export type Priority = keyof typeof PRIORITY_WEIGHTS;
export const PRIORITIES = Object.keys(PRIORITY_WEIGHTS) as Priority[];

/** A lane is a queue name with a priority, `research.high`: the only thing that a queue provider sees. */
export function laneOf(queue: string, priority: Priority): string {
  return `${queue}.${priority}`;
}

export function queueOfLane(lane: string): string {
  return lane.slice(0, lane.lastIndexOf('.'));
}

/** The form of a queue name: it becomes part of keys and queue names in every broker. */
export const QUEUE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
