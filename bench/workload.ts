import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@longhaul/kernel';

/** The work that every target does, and the queue and slots that it has for it. */
export const WORKLOAD = {
  /** Answers at once. */
  noop: { queue: 'default', slots: 32 },
  /** Waits for 100 ms. */
  sleeper: { queue: 'sleepers', slots: 100 },
  /** Is accepted and waits: no worker serves its queue. */
  parked: { queue: 'parked', slots: 0 },
} as const;
export type AgentName = keyof typeof WORKLOAD;

/** The agents that somebody runs. */
export const SERVED = ['noop', 'sleeper'] as const satisfies AgentName[];

const SLEEP_MS = 100;

/** Milliseconds by the system's monotonic clock, which all processes of the machine share. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** One run. The result says when it began, so that whoever submitted it can tell how long that took. */
export async function work(agent: AgentName): Promise<JsonObject> {
  const startedAt = machineMs();
  if (agent === 'sleeper') await sleep(SLEEP_MS);
  return { startedAt };
}
