import { randomUUID } from 'node:crypto';
import { getSharedConfigToken } from '@nestjs/bullmq';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Finding } from '@longhaul/kernel';
import { type Job, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import { ExecutionQueue } from '../../execution-queue';
import { parseQueueJob, type QueueDelivery, type QueueJob } from '../../queue-job';
import { closeRedisClient, openRedisClient, redisUnavailable } from './redis-client';
import { RedisLane } from './redis-lane';
import { REDIS_QUEUE_OPTIONS, type RedisQueueOptions } from './redis-queue-options';
import { checkRedisRequirements, examineRedis } from './redis-requirements';

/** What BullMQ needs to settle exactly this delivery: the token is its lock, and no two deliveries share one. */
class RedisReceipt {
  constructor(
    readonly job: Job<unknown>,
    readonly token: string,
  ) {}
}

/**
 * The queue on Redis, by BullMQ. A lane is a BullMQ queue, made on first use; a process that only enqueues has no
 * worker. A delivery is locked, not removed: unsettled, it is back in its lane within about ten seconds.
 */
@Injectable()
export class RedisQueue extends ExecutionQueue {
  private readonly logger = new Logger(RedisQueue.name);
  private readonly lanes = new Map<string, RedisLane>();
  private readonly unsettled = new Set<RedisReceipt>();

  constructor(
    @Inject(getSharedConfigToken()) private readonly shared: { connection: Redis },
    @Inject(REDIS_QUEUE_OPTIONS) private readonly options: RedisQueueOptions,
  ) {
    super();
  }

  async enqueue(lane: string, job: QueueJob): Promise<void> {
    await this.ask(this.lane(lane).queue.add('ring', job, { jobId: job.jobId }));
  }

  override async enqueueMany(entries: { lane: string; job: QueueJob }[]): Promise<void> {
    const lanes = [...new Set(entries.map((entry) => entry.lane))];
    await Promise.all(
      lanes.map((lane) => {
        const jobs = entries.filter((entry) => entry.lane === lane).map((entry) => entry.job);
        const rings = jobs.map((job) => ({ name: 'ring', data: job, opts: { jobId: job.jobId } }));
        return this.ask(this.lane(lane).queue.addBulk(rings));
      }),
    );
  }

  async dequeue(lane: string): Promise<QueueDelivery | null> {
    const consumer = this.lane(lane).consumer();
    const token = randomUUID();
    for (;;) {
      const taken = await this.ask(consumer.getNextJob(token, { block: false }));
      if (!taken) return null;
      const job = parseQueueJob(taken.data);
      if (job) {
        const receipt = new RedisReceipt(taken, token);
        this.unsettled.add(receipt);
        return { lane, job, receipt };
      }
      await this.setAside(lane, taken, token);
    }
  }

  async ack(delivery: QueueDelivery): Promise<void> {
    await this.settle(delivery, ({ job, token }) => job.moveToCompleted(null, token, false));
  }

  async nack(delivery: QueueDelivery): Promise<void> {
    await this.settle(delivery, ({ job, token }) => job.moveToWait(token));
  }

  async cancel(lane: string, jobId: string): Promise<boolean> {
    const { queue } = this.lane(lane);
    // `remove` refuses a job that somebody has taken, but also says 1 for one that does not exist.
    return (await this.ask(queue.getJob(jobId))) !== undefined && (await this.ask(queue.remove(jobId))) === 1;
  }

  override depth(lane: string): Promise<number> {
    return this.ask(this.lane(lane).queue.getWaitingCount());
  }

  override async ping(): Promise<void> {
    await this.ask(this.shared.connection.ping());
  }

  override async examine(lanes: string[]): Promise<Finding[]> {
    const found = await examineRedis(this.shared.connection);
    const depths = await Promise.all(lanes.map((lane) => this.depth(lane)));
    const waiting = depths.reduce((sum, depth) => sum + depth, 0);
    return [
      ...found,
      { subject: 'redis.rings', level: 'ok', message: `${waiting} rings wait in ${lanes.length} lanes` },
    ];
  }

  override async open(): Promise<void> {
    await openRedisClient(this.shared.connection);
    await checkRedisRequirements(this.shared.connection, this.options.allowEvicting);
  }

  override async close(): Promise<void> {
    await Promise.all([...this.unsettled].map((receipt) => this.release(receipt)));
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
    await closeRedisClient(this.shared.connection);
  }

  /**
   * A settlement that fails is none: the lock runs out, the job comes back, and its second delivery finds nothing to
   * claim. So whatever Redis or BullMQ say here (lock gone, job taken by another, connection lost) is no error.
   */
  private async settle(delivery: QueueDelivery, how: (receipt: RedisReceipt) => Promise<unknown>): Promise<void> {
    const { receipt } = delivery;
    if (!(receipt instanceof RedisReceipt) || !this.unsettled.delete(receipt)) return;
    await how(receipt).catch((error: unknown) => {
      this.logger.debug(`${delivery.job.jobId} in ${delivery.lane} was not settled: ${String(error)}`);
    });
  }

  private async ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw redisUnavailable(this.shared.connection, error);
    }
  }

  private async release({ job, token }: RedisReceipt): Promise<void> {
    await job.moveToWait(token).catch(() => undefined);
  }

  private async setAside(lane: string, taken: Job<unknown>, token: string): Promise<void> {
    this.logger.warn(`set aside a message in ${lane} that is no job of this version: ${taken.id}`);
    await taken
      .moveToFailed(new UnrecoverableError('no job of this version'), token, false)
      .catch((error: unknown) => this.logger.warn(`${taken.id} was not set aside: ${String(error)}`));
  }

  private lane(name: string): RedisLane {
    let lane = this.lanes.get(name);
    if (!lane) this.lanes.set(name, (lane = new RedisLane(name, this.shared.connection, this.options)));
    return lane;
  }
}
