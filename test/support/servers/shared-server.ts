import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../eventually';
import { startPostgres } from './postgres-server';
import { startRabbitMq } from './rabbitmq-server';
import { startRedis } from './redis-server';
import { registryFolder } from './registry';
import type { ServerName } from './server-names';
import type { TestServer } from './test-server';

const START: Record<ServerName, () => Promise<TestServer>> = {
  redis: startRedis,
  rabbitmq: startRabbitMq,
  postgres: startPostgres,
};

/**
 * The address of the run's one instance of this server. The first test file that asks starts it, the others wait for
 * that; the global tear-down stops it. A run that asks for none pays for none. Share nothing in it but the server:
 * use names, prefixes and databases of your own, and start a private one to kill or to configure.
 */
export async function sharedServer(name: ServerName): Promise<string> {
  const registry = registryFolder();
  const entry = join(registry, `${name}.json`);
  if (await claimed(join(registry, `${name}.lock`))) await publish(entry, await start(name));
  const { url, error } = await eventually(() => existsSync(entry) && read(entry), { timeoutMs: 400_000 });
  if (error !== undefined || url === undefined) throw new Error(error);
  return url;
}

interface Entry {
  url?: string;
  error?: string;
}

async function start(name: ServerName): Promise<Entry> {
  try {
    return { url: (await START[name]()).url };
  } catch (error) {
    return { error: String(error) };
  }
}

/** mkdir is the lock: it succeeds for exactly one process. */
function claimed(lock: string): Promise<boolean> {
  return mkdir(lock).then(
    () => true,
    () => false,
  );
}

async function publish(path: string, entry: Entry): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(entry));
  await rename(`${path}.new`, path);
}

function read(path: string): Entry {
  const entry: Entry = JSON.parse(readFileSync(path, 'utf8'));
  return entry;
}
