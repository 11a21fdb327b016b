import { Logger } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { RabbitMqConnection } from './rabbitmq-connection';
import { answered, explain } from './rabbitmq-errors';

const REOPEN_MS = 500;

export interface RabbitMqChannelOptions {
  /** Done on each new channel before it is given out. */
  setUp(channel: ConfirmChannel): Promise<unknown>;
  /** Whether a lost channel is opened again without being asked for: for what listens. */
  keepOpen?: boolean;
}

/**
 * A raw channel, opened when it is asked for, and anew after the broker closed it (as it does for one wrong word, with
 * the connection up) or the connection was lost. The channel wrapper of amqp-connection-manager is not used: after a
 * reconnect its `ack` may settle another delivery, after a channel-level error it never opens a channel again, and it
 * buffers what it cannot send.
 */
export class RabbitMqChannel {
  private readonly logger = new Logger('RabbitMQ');
  private opened?: Promise<ConfirmChannel>;
  /** The open channel, if there is one at this moment. */
  now?: ConfirmChannel;

  constructor(
    private readonly connection: RabbitMqConnection,
    private readonly options: RabbitMqChannelOptions,
  ) {
    if (options.keepOpen) connection.onReturn(() => this.reopen());
  }

  /** After a loss it is another one, so whoever will settle a delivery keeps the one that it came by. */
  async get(): Promise<ConfirmChannel> {
    const connection = this.connection.current();
    this.opened ??= this.open(connection);
    try {
      return await answered(this.connection.url, this.opened);
    } catch (error) {
      throw error instanceof LonghaulError ? error : explain(this.connection.url, error);
    }
  }

  private open(connection: ChannelModel): Promise<ConfirmChannel> {
    const lost = (): void => {
      if (this.opened !== opening) return;
      this.opened = undefined;
      this.now = undefined;
      if (this.options.keepOpen) setTimeout(() => this.reopen(), REOPEN_MS).unref();
    };
    const opening = this.create(connection, lost);
    opening.then((channel) => (this.now = channel), lost);
    return opening;
  }

  private async create(connection: ChannelModel, lost: () => void): Promise<ConfirmChannel> {
    const channel = await connection.createConfirmChannel();
    // An 'error' is followed by a 'close'.
    channel.on('error', (error: Error) => this.logger.warn(`the broker closed a channel: ${error.message}`));
    channel.on('close', lost);
    await this.options.setUp(channel);
    return channel;
  }

  private reopen(): void {
    if (this.connection.isUp) this.get().catch(() => undefined);
  }
}
