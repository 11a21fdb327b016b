import { getSharedConfigToken } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { type Hint, HintBus } from '../../hint-bus';
import { HintListeners } from '../hint-listeners';
import { closeRedisClient, createRedisClient, openRedisClient } from './redis-client';
import { REDIS_QUEUE_OPTIONS, type RedisQueueOptions } from './redis-queue-options';

/** A subscriber hears nothing from a Redis that is gone without a word, so it asks this often. */
const ALIVE_CHECK_MS = 5_000;

/** Hints by Redis pub/sub: sent on the connection that the queue opens, heard on one of its own. */
@Injectable()
export class RedisHintBus extends HintBus {
  private readonly listeners = new HintListeners();
  private readonly channel: string;
  private readonly subscriber: Redis;
  private aliveCheck?: NodeJS.Timeout;

  constructor(
    @Inject(getSharedConfigToken()) private readonly shared: { connection: Redis },
    @Inject(REDIS_QUEUE_OPTIONS) options: RedisQueueOptions,
  ) {
    super();
    this.subscriber = createRedisClient(options.url, 'longhaul-hints');
    // Pub/sub knows no database numbers, the keys do.
    this.channel = `${options.keyPrefix}:hints:${this.subscriber.options.db ?? 0}`;
    this.subscriber.on('message', (_channel: string, payload: string) => this.listeners.hear(payload));
  }

  publish(hint: Hint): void {
    this.shared.connection.publish(this.channel, JSON.stringify(hint)).catch(() => undefined);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.listeners.add(listener);
  }

  /** From here on ioredis subscribes again by itself after every reconnect. */
  override async open(): Promise<void> {
    await openRedisClient(this.subscriber);
    await this.subscriber.subscribe(this.channel);
    this.aliveCheck ??= setInterval(() => void this.subscriber.ping().catch(() => undefined), ALIVE_CHECK_MS).unref();
  }

  override async close(): Promise<void> {
    clearInterval(this.aliveCheck);
    await closeRedisClient(this.subscriber);
  }
}
