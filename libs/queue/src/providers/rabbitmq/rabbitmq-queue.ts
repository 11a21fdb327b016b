import { Inject, Injectable, Logger } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';
import type { ConfirmChannel, GetMessage } from 'amqplib';
import { ExecutionQueue } from '../../execution-queue';
import { parseQueueJob, type QueueDelivery, type QueueJob } from '../../queue-job';
import { RabbitMqConnection } from './rabbitmq-connection';
import { answered, explain, unavailable } from './rabbitmq-errors';
import { RABBITMQ_QUEUE_OPTIONS, type RabbitMqQueueOptions } from './rabbitmq-queue-options';
import { RabbitMqTopology } from './rabbitmq-topology';

/** A delivery belongs to the channel that it came by: its number means another message on any other. */
class RabbitMqReceipt {
  settled = false;

  constructor(
    readonly channel: ConfirmChannel,
    readonly message: GetMessage,
  ) {}
}

/**
 * The queue on RabbitMQ: a durable quorum queue a lane, publisher confirms, and `basic.get` for whoever has a free
 * slot, so that no message is ever parked with a worker that has none. Producing and consuming have a connection each,
 * because the broker stops reading from a connection that publishes while it is short of memory or disk.
 */
@Injectable()
export class RabbitMqQueue extends ExecutionQueue {
  private readonly logger = new Logger(RabbitMqQueue.name);
  private readonly topology: RabbitMqTopology;
  private readonly producer: RabbitMqConnection;
  private readonly consumer: RabbitMqConnection;
  /** Ids of messages that the broker gave back because their queue was gone. */
  private readonly returned = new Set<string>();

  constructor(@Inject(RABBITMQ_QUEUE_OPTIONS) private readonly options: RabbitMqQueueOptions) {
    super();
    const { url } = options;
    this.topology = new RabbitMqTopology(options.queueName);
    this.producer = new RabbitMqConnection({
      url,
      name: 'longhaul producer',
      setUp: (channel) => this.setUpProducer(channel),
    });
    this.consumer = new RabbitMqConnection({ url, name: 'longhaul consumer' });
  }

  async enqueue(lane: string, job: QueueJob): Promise<void> {
    const channel = await this.producer.channel();
    if (await this.publish(channel, lane, job)) return;
    this.topology.forget(channel, lane);
    if (await this.publish(channel, lane, job)) return;
    throw unavailable(this.options.url, `${this.topology.laneQueue(lane)} is deleted as fast as it is made`);
  }

  async dequeue(lane: string): Promise<QueueDelivery | null> {
    await this.consumer.open();
    try {
      return await this.take(lane);
    } catch (error) {
      if (error instanceof LonghaulError) throw error;
      // The broker closed the channel, as it does when the queue was deleted: the next channel declares it anew.
      return await this.take(lane);
    }
  }

  ack(delivery: QueueDelivery): Promise<void> {
    return this.settle(delivery, ({ channel, message }) => channel.ack(message));
  }

  nack(delivery: QueueDelivery): Promise<void> {
    return this.settle(delivery, ({ channel, message }) => channel.nack(message));
  }

  /** AMQP cannot take a message out of the middle of a queue. */
  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  override async depth(lane: string): Promise<number> {
    return this.ask((channel) => this.topology.depth(channel, lane));
  }

  override async ping(): Promise<void> {
    await this.ask((channel) => channel.checkExchange('amq.fanout'));
  }

  override open(): Promise<void> {
    return this.producer.open();
  }

  override async close(): Promise<void> {
    await Promise.all([this.producer.close(), this.consumer.close()]);
  }

  private async setUpProducer(channel: ConfirmChannel): Promise<void> {
    channel.on('return', ({ properties }: { properties: { messageId?: unknown } }) => {
      this.returned.add(String(properties.messageId));
    });
    await this.topology.declareSetAside(channel);
  }

  /** False when there is no such queue any more: the broker returns the message, then confirms it. */
  private async publish(channel: ConfirmChannel, lane: string, job: QueueJob): Promise<boolean> {
    await this.declare(channel, lane);
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

  private async take(lane: string): Promise<QueueDelivery | null> {
    const channel = await this.consumer.channel();
    await this.declare(channel, lane);
    for (;;) {
      const message = await this.get(channel, lane);
      if (!message) return null;
      const job = parseQueueJob(parseJson(message.content));
      if (job) return { lane, job, receipt: new RabbitMqReceipt(channel, message) };
      this.logger.warn(
        `set aside a message in ${lane} that is no job of this version (${message.content.length} bytes)`,
      );
      channel.nack(message, false, false);
    }
  }

  /** A message that comes after its caller has gone goes back: nobody else could have it. */
  private get(channel: ConfirmChannel, lane: string): Promise<GetMessage | false> {
    return answered(this.options.url, channel.get(this.topology.laneQueue(lane)), (late) => {
      if (late) channel.nack(late);
    });
  }

  private async declare(channel: ConfirmChannel, lane: string): Promise<void> {
    try {
      await answered(this.options.url, this.topology.declareLane(channel, lane));
    } catch (error) {
      throw error instanceof LonghaulError ? error : explain(this.options.url, error);
    }
  }

  private async ask<T>(question: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    return answered(this.options.url, question(await this.producer.channel()));
  }

  /**
   * On the very channel of the delivery, and at most once: a second ack would close the channel. When that channel is
   * closed, the broker has taken the delivery back already, and there is nothing to do.
   */
  private settle({ receipt }: QueueDelivery, how: (receipt: RabbitMqReceipt) => void): Promise<void> {
    if (receipt instanceof RabbitMqReceipt && !receipt.settled) {
      receipt.settled = true;
      try {
        how(receipt);
      } catch (error) {
        this.logger.debug(`not settled: ${String(error)}`);
      }
    }
    return Promise.resolve();
  }
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
