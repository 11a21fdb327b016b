import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@longhaul/kernel';
import { machineMs, note } from './ledger';

/** The work that every target does, and the queue and slots that it has for it. */
export const WORKLOAD = {
  /** Answers at once. */
  noop: { queue: 'default', slots: 32 },
  /** Waits for 100 ms. */
  sleeper: { queue: 'sleepers', slots: 100 },
  /** Is accepted and waits: no worker serves its queue. */
  parked: { queue: 'parked', slots: 0 },
  /** Takes two seconds. */
  napper: { queue: 'nappers', slots: 100 },
  /** Waits until it is cancelled. */
  patient: { queue: 'patients', slots: 4 },
} as const;
export type AgentName = keyof typeof WORKLOAD;

/** The agents that somebody runs. */
export const SERVED = ['noop', 'sleeper', 'napper', 'patient'] as const satisfies AgentName[];

const SLEEP_MS = { noop: 0, sleeper: 100, parked: 0, napper: 2_000, patient: 3_600_000 } as const;

/**
 * One run. The result says when it began, so that whoever submitted it can tell how long that took. Those that are
 * killed or cancelled write down what happens to them.
 */
export async function work(agent: AgentName, id = '', signal?: AbortSignal): Promise<JsonObject> {
  const startedAt = machineMs();
  if (agent === 'sleeper') await sleep(SLEEP_MS.sleeper);
  if (agent !== 'napper' && agent !== 'patient') return { startedAt };
  note('started', id);
  signal?.addEventListener('abort', () => note('aborted', id), { once: true });
  await sleep(SLEEP_MS[agent], undefined, signal ? { signal } : {});
  note('ended', id);
  return { startedAt };
}
