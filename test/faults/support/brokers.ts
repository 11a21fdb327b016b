import { type ConfirmChannel, connect } from 'amqplib';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { FaultWorld } from './fault-world';

/** The lane of the suite's agent. */
const LANE = 'default.default';

/** The broker of a world as its operator reaches it: past the proxy, whatever the gateway thinks of it. */
export abstract class Broker {
  /** Rings that wait for a worker with a free slot. */
  abstract waiting(): Promise<number>;

  /** Puts this behind them, as it is. */
  abstract inject(payload: string): Promise<void>;

  /** Messages that workers have set aside. */
  abstract setAside(): Promise<number>;
}

export class RedisBroker extends Broker {
  constructor(
    private readonly url: string,
    private readonly prefix: string,
  ) {
    super();
  }

  static of(world: FaultWorld): RedisBroker {
    return new RedisBroker(world.queueUrl, world.fleet.queueName);
  }

  waiting(): Promise<number> {
    return this.within((redis) => redis.llen(`${this.prefix}:${LANE}:wait`));
  }

  /** As BullMQ lays a job out, but for the data, which it would have made JSON. */
  async inject(payload: string): Promise<void> {
    await this.within(async (redis) => {
      const queue = new Queue(LANE, { connection: redis, prefix: this.prefix });
      const job = await queue.add('ring', null, { delay: 3_600_000 });
      await redis.hset(`${this.prefix}:${LANE}:${job.id}`, 'data', payload);
      await job.promote();
      await queue.close();
    });
  }

  /** What BullMQ calls failed. */
  setAside(): Promise<number> {
    return this.within((redis) => redis.zcard(`${this.prefix}:${LANE}:failed`));
  }

  async within<T>(action: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { retryStrategy: () => null, lazyConnect: true });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await action(redis);
    } finally {
      redis.disconnect();
    }
  }
}

export class RabbitMqBroker extends Broker {
  readonly lane: string;
  readonly setAsideQueue: string;

  constructor(
    private readonly url: string,
    queueName: string,
  ) {
    super();
    this.lane = `${queueName}.v1.${LANE}`;
    this.setAsideQueue = `${queueName}.v1.set-aside`;
  }

  static of(world: FaultWorld): RabbitMqBroker {
    return new RabbitMqBroker(world.queueUrl, world.fleet.queueName);
  }

  waiting(): Promise<number> {
    return this.depthOf(this.lane);
  }

  async inject(payload: string): Promise<void> {
    await this.within(async (channel) => {
      channel.sendToQueue(this.lane, Buffer.from(payload));
      await channel.waitForConfirms();
    });
  }

  setAside(): Promise<number> {
    return this.depthOf(this.setAsideQueue);
  }

  async within<T>(action: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const connection = await connect(this.url);
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      // What the broker refuses closes the channel and rejects the call: nobody listens for the event besides.
      channel.on('error', () => undefined);
      return await action(channel);
    } finally {
      await connection.close().catch(() => undefined);
    }
  }

  private depthOf(queue: string): Promise<number> {
    return this.within(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }
}
