import { Inject, Injectable, Logger } from '@nestjs/common';
import { faults, type Finding, LonghaulError } from '@longhaul/kernel';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import { ExecutionQueue } from '../../execution-queue';
import { parseQueueJob, type QueueDelivery, type QueueJob } from '../../queue-job';
import { examineRabbitMq } from './examine-rabbitmq';
import { RabbitMqChannel } from './rabbitmq-channel';
import { RabbitMqChannelPool } from './rabbitmq-channel-pool';
import { RabbitMqConnection } from './rabbitmq-connection';
import { answered, unavailable } from './rabbitmq-errors';
import { RABBITMQ_QUEUE_OPTIONS, type RabbitMqQueueOptions } from './rabbitmq-queue-options';
import { RabbitMqTopology } from './rabbitmq-topology';

/** A delivery belongs to the channel that it came by: its number means another message on any other. */
class RabbitMqReceipt {
  settled = false;

  constructor(
    readonly channel: ConfirmChannel,
    readonly message: GetMessage,
    /** That which opened the channel, and may have another one by now. */
    readonly source: RabbitMqChannel,
  ) {}
}

/**
 * The queue on RabbitMQ: a durable quorum queue a lane, publisher confirms, and `basic.get` for whoever has a free
 * slot, so that no message is ever parked with a worker that has none. Producing and consuming have a connection each,
 * because the broker stops reading from one that publishes while it is short of memory or disk; each lane has
 * channels of its own on each, because a queue in trouble holds up, or closes, the channel that it is used on.
 */
@Injectable()
export class RabbitMqQueue extends ExecutionQueue {
  private readonly logger = new Logger(RabbitMqQueue.name);
  private readonly topology: RabbitMqTopology;
  private readonly producing: RabbitMqConnection;
  private readonly consuming: RabbitMqConnection;
  private readonly control: RabbitMqChannel;
  private readonly producers = new Map<string, RabbitMqChannel>();
  private readonly consumers = new Map<string, RabbitMqChannelPool>();
  /** Ids of the messages that the broker gave back because their queue was gone. */
  private readonly returned = new Set<unknown>();

  constructor(@Inject(RABBITMQ_QUEUE_OPTIONS) private readonly options: RabbitMqQueueOptions) {
    super();
    this.topology = new RabbitMqTopology(options.queueName);
    this.producing = new RabbitMqConnection(options.url, 'longhaul producer');
    this.consuming = new RabbitMqConnection(options.url, 'longhaul consumer');
    this.control = new RabbitMqChannel(this.producing, {
      setUp: (channel) => this.topology.declareSetAside(channel),
    });
  }

  async enqueue(lane: string, job: QueueJob): Promise<void> {
    const channel = await this.producer(lane).get();
    if (await this.publish(channel, lane, job)) return;
    // Somebody deleted the queue.
    await answered(this.options.url, this.topology.declareLane(channel, lane));
    if (await this.publish(channel, lane, job)) return;
    throw unavailable(this.options.url, `${this.topology.laneQueue(lane)} is deleted as fast as it is made`);
  }

  async dequeue(lane: string): Promise<QueueDelivery | null> {
    await this.consuming.open();
    return this.consumer(lane).use(async (source) => {
      try {
        return await this.take(source, lane);
      } catch (error) {
        if (error instanceof LonghaulError) throw error;
        // The broker closed the channel, as it does when the queue was deleted: the next one declares it anew.
        return await this.take(source, lane);
      }
    });
  }

  ack(delivery: QueueDelivery): Promise<void> {
    return this.settle(delivery, (channel, message) => channel.ack(message));
  }

  nack(delivery: QueueDelivery): Promise<void> {
    return this.settle(delivery, (channel, message) => channel.nack(message));
  }

  /** AMQP cannot take a message out of the middle of a queue. */
  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override async depth(lane: string): Promise<number> {
    const channel = await this.producer(lane).get();
    return answered(this.options.url, this.topology.declareLane(channel, lane));
  }

  override async ping(): Promise<void> {
    const channel = await this.control.get();
    await answered(this.options.url, channel.checkExchange('amq.fanout'));
  }

  override async examine(lanes: string[]): Promise<Finding[]> {
    await this.control.get();
    return examineRabbitMq(this.producing, this.topology, lanes);
  }

  /** Also proves that this user may declare queues of this name. */
  override async open(): Promise<void> {
    await this.producing.open();
    await this.control.get();
  }

  override async close(): Promise<void> {
    await Promise.all([this.producing.close(), this.consuming.close()]);
  }

  /** False when there is no such queue any more: the broker returns the message, then confirms it. */
  private async publish(channel: ConfirmChannel, lane: string, job: QueueJob): Promise<boolean> {
    const confirmed = new Promise<void>((resolve, reject) => {
      channel.sendToQueue(
        this.topology.laneQueue(lane),
        Buffer.from(JSON.stringify(job)),
        { persistent: true, mandatory: true, messageId: job.jobId, contentType: 'application/json' },
        (error: unknown) => (error ? reject(unavailable(this.options.url, error)) : resolve()),
      );
    });
    await answered(this.options.url, confirmed);
    return !this.returned.delete(job.jobId);
  }

  private async take(source: RabbitMqChannel, lane: string): Promise<QueueDelivery | null> {
    const channel = await source.get();
    for (;;) {
      const message = await this.next(channel, lane);
      if (!message) return null;
      const job = parseQueueJob(parseJson(message.content));
      if (job) return { lane, job, receipt: new RabbitMqReceipt(channel, message, source) };
      this.logger.warn(
        `set aside a message in ${lane} that is no job of this version (${message.content.length} bytes)`,
      );
      channel.nack(message, false, false);
    }
  }

  /** A message that comes after its caller has gone goes back: nobody else could have it. */
  private next(channel: ConfirmChannel, lane: string): Promise<GetMessage | false> {
    return answered(this.options.url, channel.get(this.topology.laneQueue(lane)), (late) => {
      if (late) channel.nack(late);
    });
  }

  /**
   * On the very channel of the delivery, and once at most: a second ack would close the channel. When that channel is
   * closed the broker has taken the delivery back already, and there is nothing to do.
   */
  private async settle(
    { receipt }: QueueDelivery,
    how: (channel: ConfirmChannel, message: GetMessage) => void,
  ): Promise<void> {
    if (!(receipt instanceof RabbitMqReceipt) || receipt.settled) return;
    receipt.settled = true;
    const { channel, message, source } = receipt;
    try {
      how(faults.off.has('raw-channel') ? await source.get() : channel, message);
    } catch (error) {
      this.logger.debug(`not settled: ${String(error)}`);
    }
  }

  private producer(lane: string): RabbitMqChannel {
    let channel = this.producers.get(lane);
    if (!channel) {
      channel = new RabbitMqChannel(this.producing, {
        setUp: (raw) => {
          raw.on('return', ({ properties }) => this.returned.add(properties.messageId));
          return this.topology.declareLane(raw, lane);
        },
      });
      this.producers.set(lane, channel);
    }
    return channel;
  }

  private consumer(lane: string): RabbitMqChannelPool {
    let pool = this.consumers.get(lane);
    if (!pool) {
      pool = new RabbitMqChannelPool(
        () => new RabbitMqChannel(this.consuming, { setUp: (raw) => this.topology.declareLane(raw, lane) }),
      );
      this.consumers.set(lane, pool);
    }
    return pool;
  }
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
