import type { Database } from '@longhaul/database';
import { newId } from '@longhaul/kernel';
import { registerWorker } from '../../../libs/executions/src/statements/leases';

const TABLES = [
  'executions',
  'dead_letters',
  'events',
  'runs',
  'steps',
  'step_values',
  'waits',
  'workers',
  'idempotency_keys',
  'conversations',
  'messages',
];

/** Forgets whatever the test before has left; `more`: tables of the test's own. */
export async function empty(database: Database, ...more: string[]): Promise<void> {
  for (const table of [...TABLES, ...more]) await database.run(`DELETE FROM ${table}`);
}

/** The id of one more living worker. */
export async function registeredWorker(database: Database): Promise<string> {
  const id = newId('wrk');
  await registerWorker(database, { id, host: 'h', pid: 1, version: '0', queues: {} });
  return id;
}
