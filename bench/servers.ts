import { freshDatabase, startPostgres, startRabbitMq, startRedis, type TestServer } from '../test/support/servers';
import globalSetup from '../test/support/servers/global-setup';
import globalTeardown from '../test/support/servers/global-teardown';
import type { Backend } from './options';

export interface Servers {
  postgres?: TestServer;
  redis?: TestServer;
  rabbitmq?: TestServer;
}

/** The private servers that these backends and what they are compared with need. PostgreSQL syncs, as SQLite does. */
export async function startServers(backends: readonly Backend[]): Promise<Servers> {
  globalSetup();
  const servers: Servers = { redis: await startRedis() };
  if (backends.some((backend) => backend !== 'memory')) {
    servers.postgres = await startPostgres({ args: ['-c', 'fsync=on'] });
  }
  if (backends.includes('rabbitmq')) servers.rabbitmq = await startRabbitMq();
  return servers;
}

/** Ends them and removes what they stored. */
export function stopServers(): void {
  globalTeardown();
}

/** A new, empty database. */
export async function newDatabase({ postgres }: Servers): Promise<string> {
  if (!postgres) throw new Error('no PostgreSQL was started');
  return (await freshDatabase(postgres.url)).url;
}
