import { ClientRedis, type ReadPacket } from '@nestjs/microservices';
import { QuietLogger } from './quiet-logger';
import { BROKER_TIMEOUT_MS } from '../result-events-options';

/**
 * Nest's client for Redis pub/sub, which keeps the answer of PUBLISH to itself. Here `emit` answers whether anybody
 * heard it: pub/sub holds nothing for who is not there.
 */
export class CountingRedisClient extends ClientRedis {
  protected override readonly logger = new QuietLogger('ResultEvents');

  protected override async dispatchEvent(packet: ReadPacket): Promise<boolean> {
    const channel = this.normalizePattern(packet.pattern as string);
    const redis = this.pubClient as { publish(channel: string, message: string): Promise<number> };
    return (await redis.publish(channel, JSON.stringify(this.serializer.serialize(packet)))) > 0;
  }

  /** Also where Redis does not answer the goodbye: Nest would leave that connection open. */
  override async close(): Promise<void> {
    const connections = [this.pubClient, this.subClient] as ({ disconnect(): void } | null | undefined)[];
    try {
      await super.close();
    } finally {
      for (const connection of connections) connection?.disconnect();
    }
  }
}

/** `redis://user:password@host:port/database` as options of ioredis; every command fails fast, nothing is kept for later. */
export function redisOptions(url: string) {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username ? { username: decodeURIComponent(username) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
    connectionName: 'longhaul-result-events',
    connectTimeout: BROKER_TIMEOUT_MS / 2,
    commandTimeout: BROKER_TIMEOUT_MS / 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
  };
}
