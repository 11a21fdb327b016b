import type { Channel } from 'amqplib';

/**
 * The queues, and their arguments. RabbitMQ refuses to declare a queue again with other arguments, so those of a
 * version never change: others mean another version in the name, beside the old queues until they are empty.
 *
 * Quorum queues without a time to live, a length, a delivery limit or priorities: what was accepted stays until it is
 * acked. A message that is no job of ours is rejected into `<name>.v1.set-aside`, for people to look at.
 */
export class RabbitMqTopology {
  private readonly declared = new WeakMap<Channel, Map<string, Promise<unknown>>>();

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

  /** Makes sure of the lane's queue, once per channel. */
  async declareLane(channel: Channel, lane: string): Promise<void> {
    let lanes = this.declared.get(channel);
    if (!lanes) this.declared.set(channel, (lanes = new Map()));
    let declaration = lanes.get(lane);
    if (!declaration) lanes.set(lane, (declaration = this.assertLane(channel, lane)));
    await declaration;
  }

  /** The queue was deleted meanwhile: the next `declareLane` makes it anew. */
  forget(channel: Channel, lane: string): void {
    this.declared.get(channel)?.delete(lane);
  }

  /** How many messages wait in the lane. */
  async depth(channel: Channel, lane: string): Promise<number> {
    return (await this.assertLane(channel, lane)).messageCount;
  }

  /** Also the proof, at start, that this user may declare queues of this name. */
  async declareSetAside(channel: Channel): Promise<void> {
    await channel.assertQueue(this.setAsideQueue, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-max-length': 1_000 },
    });
  }

  private assertLane(channel: Channel, lane: string) {
    return channel.assertQueue(this.laneQueue(lane), {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': this.setAsideQueue,
      },
    });
  }
}
