import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { startPostgres } from './postgres-server';
import { startRabbitMq } from './rabbitmq-server';
import { startRedis } from './redis-server';
import { isSkipped, type ServerName } from './server-names';
import { sharedServer } from './shared-server';
import type { TestServer } from './test-server';

/** RabbitMQ takes up to 12 s to start, on a machine that must install it a good deal more. */
export const SERVER_START_MS = 420_000;

/** A name that no other test has, fit for key prefixes, queues and databases. */
export function uniqueName(base: string): string {
  return `${base}_${randomUUID().slice(0, 8)}`;
}

function describeOrSkip(server: ServerName, name: string, suite: () => void): void {
  if (isSkipped(server)) describe.skip(`${name} [skipped: LONGHAUL_TEST_SKIP has ${server}]`, suite);
  else describe(name, suite);
}

function describeWithShared(server: ServerName, name: string, suite: (url: () => string) => void): void {
  describeOrSkip(server, name, () => {
    let address = '';
    beforeAll(async () => {
      address = await sharedServer(server);
    }, SERVER_START_MS);
    suite(() => address);
  });
}

function describeWithOwn(
  server: ServerName,
  name: string,
  start: () => Promise<TestServer>,
  suite: (server: () => TestServer) => void,
): void {
  describeOrSkip(server, name, () => {
    let own: TestServer | undefined;
    beforeAll(async () => {
      own = await start();
    }, SERVER_START_MS);
    afterAll(() => own?.stop());
    suite(() => {
      if (!own) throw new Error(`${server} is not up before beforeAll`);
      return own;
    });
  });
}

/** A suite that needs the run's Redis; skipped, visibly, only when asked. `url()` is known from `beforeAll` on. */
export function describeWithRedis(name: string, suite: (url: () => string) => void): void {
  describeWithShared('redis', name, suite);
}

export function describeWithRabbitMq(name: string, suite: (url: () => string) => void): void {
  describeWithShared('rabbitmq', name, suite);
}

export function describeWithPostgres(name: string, suite: (url: () => string) => void): void {
  describeWithShared('postgres', name, suite);
}

/** A suite with a Redis of its own, to be killed, frozen or set up otherwise. */
export function describeWithOwnRedis(name: string, suite: (server: () => TestServer) => void, args?: string[]): void {
  describeWithOwn('redis', name, () => startRedis(args ? { args } : {}), suite);
}

export function describeWithOwnRabbitMq(name: string, suite: (server: () => TestServer) => void): void {
  describeWithOwn('rabbitmq', name, startRabbitMq, suite);
}

export function describeWithOwnPostgres(name: string, suite: (server: () => TestServer) => void): void {
  describeWithOwn('postgres', name, startPostgres, suite);
}

/** A new, empty database in that server, and its end. */
export async function freshDatabase(serverUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = uniqueName('test');
  await execute(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => execute(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
