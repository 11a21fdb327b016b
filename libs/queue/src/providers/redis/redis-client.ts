import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { ConfigurationError, LonghaulError } from '@longhaul/kernel';
import { Redis } from 'ioredis';

/** No verb waits longer than this for Redis. */
const COMMAND_TIMEOUT_MS = 2_000;

/**
 * A connection on which every command fails fast: nothing is kept for later while Redis is away, nothing is sent again
 * after a reconnect, and a Redis that has fallen silent is hung up on. One serves producers and consumers alike,
 * because no command of ours blocks. (BullMQ's own workers need `maxRetriesPerRequest: null` for their blocked pops.)
 */
export function createRedisClient(url: string, connectionName: string): Redis {
  const client = new Redis(url, {
    connectionName,
    lazyConnect: true,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: COMMAND_TIMEOUT_MS * 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), 1_000),
    // After a failover the old primary answers READONLY: connect anew, the name now leads to another.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  client.on('close', () => forgetTimeLimit(client));
  logOutages(client);
  return client;
}

/**
 * ioredis (5.9) leaves the timer of `socketTimeout` running when the connection is lost with a command unanswered, and
 * then hangs up on the next connection in its place: each outage had a second one four seconds later.
 */
function forgetTimeLimit(client: Redis): void {
  const inner = client as unknown as { socketTimeoutTimer?: NodeJS.Timeout | undefined };
  clearTimeout(inner.socketTimeoutTimer);
  inner.socketTimeoutTimer = undefined;
}

/** Connects, or says why not. May be called again after a failure: the client goes on trying in the background. */
export async function openRedisClient(client: Redis): Promise<void> {
  try {
    await firstOutcome(client);
  } catch (error) {
    throw explain(error, client);
  }
}

export async function closeRedisClient(client: Redis): Promise<void> {
  if (client.status === 'ready') await client.quit().catch(() => undefined);
  client.disconnect();
}

export function redisName(client: Redis): string {
  return `Redis at ${client.options.host}:${client.options.port}`;
}

/** The first thing that happens: ready, or an error (which the `connect` of ioredis keeps to itself). */
async function firstOutcome(client: Redis): Promise<void> {
  if (client.status === 'ready') return;
  if (client.status === 'wait' || client.status === 'end') client.connect().catch(() => undefined);
  // Rejects on the first 'error', or with an AbortError when the time is up.
  await once(client, 'ready', { signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS * 2) });
}

/** What Redis refuses on principle (credentials, database number) is the configuration's fault; the rest may pass. */
function explain(error: unknown, client: Redis): Error {
  const reason = messageOf(error);
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password|DB index/.test(reason)) {
    const message = `${redisName(client)} refuses the connection (${reason}); mend queue.redis_url`;
    return new ConfigurationError(message, [{ path: 'queue.redis_url', message: reason }]);
  }
  return redisUnavailable(client, reason);
}

/** Any failure of a command, as one of ours that names the server. */
export function redisUnavailable(client: Redis, error: unknown): LonghaulError {
  return new LonghaulError('unavailable', `${redisName(client)} did not do as asked: ${messageOf(error)}`, {
    retryable: true,
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** One line when Redis goes and one when it is back, however often the client tries in between. */
function logOutages(client: Redis): void {
  const logger = new Logger('Redis');
  let seen = false;
  let away = false;
  client.on('error', (error: Error) => {
    if (seen && !away) logger.warn(`${redisName(client)} is away: ${error.message}`);
    away = true;
  });
  client.on('ready', () => {
    if (seen && away) logger.log(`${redisName(client)} is back`);
    seen = true;
    away = false;
  });
}
