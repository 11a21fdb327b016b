import type { GatewayConfig } from '@longhaul/config';
import { ConfigurationError, NAME_PATTERN } from '@longhaul/kernel';
import type { LaneSchedulerOptions } from '@longhaul/queue';

/** `research=2,scraper=5`: the queues of this worker, each with slots of its own. Throws `ConfigurationError`. */
export function parseQueues(text: string): Map<string, number> {
  const queues = new Map<string, number>();
  for (const part of text.split(',')) {
    const [name = '', count = '', ...rest] = part.trim().split('=');
    const slots = Number(count);
    if (!NAME_PATTERN.test(name) || rest.length > 0 || !/^\d+$/.test(count) || slots < 1 || queues.has(name)) {
      const message = `--queues: "${part}" is not name=slots, such as research=2,scraper=5 (each name once, slots >= 1)`;
      throw new ConfigurationError(message, [{ path: '--queues', message }]);
    }
    queues.set(name, slots);
  }
  return queues;
}

/**
 * What this worker takes. With `--queues` each queue has its own slots; else all known queues share `queue.workers`.
 * Backend `none` gives each request a slot of its own, and `queue.workers` to what a crash left over.
 */
export function schedulerOptions(
  { queue }: GatewayConfig,
  known: Iterable<string>,
  chosen?: ReadonlyMap<string, number>,
): LaneSchedulerOptions {
  if (chosen) {
    const slots = [...chosen.values()].reduce((sum, count) => sum + count, 0);
    return { queues: chosen, slots, lostRingSlots: slots };
  }
  const slots = queue.backend === 'none' ? Number.POSITIVE_INFINITY : queue.workers;
  return { queues: new Map([...known].map((name) => [name, slots])), slots, lostRingSlots: queue.workers };
}

/** The queues that executions can go to: the default, those of the routes, and those that agents and tools name. */
export function knownQueues({ queue }: GatewayConfig, named: Iterable<string>): string[] {
  return [...new Set(['default', ...Object.values(queue.routes), ...named])].sort();
}
