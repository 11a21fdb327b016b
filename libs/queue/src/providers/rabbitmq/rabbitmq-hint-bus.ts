import { Inject, Injectable } from '@nestjs/common';
import type { Channel, ConfirmChannel } from 'amqplib';
import { type Hint, HintBus } from '../../hint-bus';
import { HintListeners } from '../hint-listeners';
import { RabbitMqChannel } from './rabbitmq-channel';
import { RabbitMqConnection } from './rabbitmq-connection';
import { RABBITMQ_QUEUE_OPTIONS, type RabbitMqQueueOptions } from './rabbitmq-queue-options';
import { RabbitMqTopology } from './rabbitmq-topology';

/** Hints by a fanout exchange. Each process hears through a queue of its own that ends with its connection. */
@Injectable()
export class RabbitMqHintBus extends HintBus {
  private readonly listeners = new HintListeners();
  private readonly congested = new WeakSet<Channel>();
  private readonly connection: RabbitMqConnection;
  private readonly channel: RabbitMqChannel;
  private readonly exchange: string;

  constructor(@Inject(RABBITMQ_QUEUE_OPTIONS) { url, queueName }: RabbitMqQueueOptions) {
    super();
    this.exchange = new RabbitMqTopology(queueName).hintExchange;
    this.connection = new RabbitMqConnection(url, 'longhaul hints');
    this.channel = new RabbitMqChannel(this.connection, {
      setUp: (channel) => this.listen(channel),
      keepOpen: true,
    });
  }

  publish(hint: Hint): void {
    const channel = this.channel.now;
    if (!channel || this.congested.has(channel)) return;
    try {
      const hasRoom = channel.publish(this.exchange, '', Buffer.from(JSON.stringify(hint)));
      if (!hasRoom) this.dropUntilDrained(channel);
    } catch {
      // The channel closed this very moment.
    }
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.listeners.add(listener);
  }

  override async open(): Promise<void> {
    await this.connection.open();
    await this.channel.get();
  }

  override close(): Promise<void> {
    return this.connection.close();
  }

  private async listen(channel: ConfirmChannel): Promise<void> {
    await channel.assertExchange(this.exchange, 'fanout', { durable: true });
    const { queue } = await channel.assertQueue('', { exclusive: true, autoDelete: true, maxLength: 10_000 });
    await channel.bindQueue(queue, this.exchange, '');
    await channel.consume(
      queue,
      (message) => {
        if (message) this.listeners.hear(message.content.toString('utf8'));
        // null: the broker has cancelled this consumer. A new channel brings a new queue and a new consumer.
        else void channel.close().catch(() => undefined);
      },
      { noAck: true },
    );
  }

  private dropUntilDrained(channel: Channel): void {
    this.congested.add(channel);
    channel.once('drain', () => this.congested.delete(channel));
  }
}
