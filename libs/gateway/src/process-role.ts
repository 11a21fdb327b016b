import type { GatewayConfig } from '@longhaul/config';
import { ConfigurationError } from '@longhaul/kernel';

/** What a process is: the API, a worker, or both. */
export type ProcessRole = 'api' | 'worker' | 'both';

/** Throws `ConfigurationError` for a pairing of process and queue that would accept work which nobody ever does. */
export function assertRoleFits(role: ProcessRole, { queue }: GatewayConfig): void {
  if (role === 'both' || (queue.backend !== 'none' && queue.backend !== 'memory')) return;
  const message = `queue.backend ${queue.backend} lives inside one process, so ${CONSEQUENCE[role]}`;
  const hint = 'serve both in one process, or set queue.backend to redis or rabbitmq';
  throw new ConfigurationError(`${message}: ${hint}`, [{ path: 'queue.backend', message, hint }]);
}

const CONSEQUENCE = {
  api: 'an API alone would accept executions that no worker ever sees',
  worker: 'a worker alone would never get a job',
};
