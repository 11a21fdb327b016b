import type { Channel } from 'amqplib';

/**
 * The queues, and their arguments. RabbitMQ refuses to declare a queue again with other arguments, so those of a
 * version never change: others mean another version in the name, beside the old queues until they are empty.
 *
 * Lanes are quorum queues without a time to live, a length, a delivery limit or priorities: what was accepted stays
 * until it is acked. A message that is no job of ours is rejected into `<name>.v1.set-aside`, for people to look at.
 */
export class RabbitMqTopology {
  constructor(private readonly queueName: string) {}

  get setAsideQueue(): string {
    return `${this.queueName}.v1.set-aside`;
  }

  get hintExchange(): string {
    return `${this.queueName}.v1.hints`;
  }

  laneQueue(lane: string): string {
    return `${this.queueName}.v1.${lane}`;
  }

  /** Makes sure of the lane's queue and says how many messages wait in it. */
  async declareLane(channel: Channel, lane: string): Promise<number> {
    const { messageCount } = await channel.assertQueue(this.laneQueue(lane), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': this.setAsideQueue,
      },
    });
    return messageCount;
  }

  async declareSetAside(channel: Channel): Promise<void> {
    await channel.assertQueue(this.setAsideQueue, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-max-length': 1_000 },
    });
  }
}
