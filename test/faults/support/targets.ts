import type { PersistenceOptions } from '@longhaul/database';
import type { QueueBackend } from '../../support/gateway-fleet';
import type { ServerName } from '../../support/servers/server-names';

/** A queue and a database, as a user may pair them. */
export type Target = `${QueueBackend}/${PersistenceOptions['backend']}`;

export interface Parts {
  queue: QueueBackend;
  database: PersistenceOptions['backend'];
}

export function partsOf(target: Target): Parts {
  const [queue, database] = target.split('/') as [Parts['queue'], Parts['database']];
  return { queue, database };
}

export function serversOf(target: Target): ServerName[] {
  const names: string[] = Object.values(partsOf(target));
  return (['redis', 'rabbitmq', 'postgres'] as const).filter((name) => names.includes(name));
}
