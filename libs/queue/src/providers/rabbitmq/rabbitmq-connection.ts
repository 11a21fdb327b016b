import { Logger } from '@nestjs/common';
import { type AmqpConnectionManager, connect } from 'amqp-connection-manager';
import type { ConfirmChannel } from 'amqplib';
import { answered, explain, rabbitMqName, unavailable } from './rabbitmq-errors';

const REOPEN_MS = 500;

export interface RabbitMqConnectionOptions {
  url: string;
  /** Shown in RabbitMQ's list of connections. */
  name: string;
  /** Done on every new channel before it is given out. */
  setUp?(channel: ConfirmChannel): Promise<void>;
  /** Whether a channel that was lost is opened again without being asked for: for what listens. */
  keepOpen?: boolean;
}

/**
 * A connection that comes back by itself (amqp-connection-manager) with one raw channel on it, opened when it is asked
 * for. The manager's own channel wrappers are not used: after a reconnect their `ack` may settle another delivery, after
 * a channel-level error they never open a channel again, and they buffer what they cannot send.
 */
export class RabbitMqConnection {
  private readonly logger = new Logger('RabbitMQ');
  private opening?: Promise<void>;
  private manager?: AmqpConnectionManager;
  private current?: Promise<ConfirmChannel>;
  /** Why the broker takes no messages now: a memory or disk alarm. */
  private blocked?: string;
  /** The open channel, if there is one at this moment. */
  channelNow?: ConfirmChannel;

  constructor(private readonly options: RabbitMqConnectionOptions) {}

  /** Connects, or says why not; may be called again. Once open, it comes back after any outage. */
  async open(): Promise<void> {
    this.opening ??= this.connect();
    try {
      await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw explain(this.options.url, error);
    }
  }

  /** The channel of now. After a loss it is another one, so whoever settles a delivery keeps the one it came by. */
  channel(): Promise<ConfirmChannel> {
    if (this.blocked !== undefined) return Promise.reject(unavailable(this.options.url, `blocked: ${this.blocked}`));
    this.current ??= this.openChannel();
    return answered(this.options.url, this.current);
  }

  /** What the broker holds unsettled for this connection goes back to its queues. */
  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    const manager = this.manager;
    this.manager = undefined;
    if (manager) await answered(this.options.url, manager.close()).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const manager = connect([this.options.url], {
      heartbeatIntervalInSeconds: 5,
      reconnectTimeInSeconds: 1,
      connectionOptions: {
        // Without it each basic.get waits for a delayed TCP acknowledgement: forty times slower.
        noDelay: true,
        timeout: 5_000,
        clientProperties: { connection_name: this.options.name },
      },
    });
    try {
      await firstOutcome(manager);
      this.manager = manager;
      await this.channel();
    } catch (error) {
      this.manager = undefined;
      await manager.close();
      throw error;
    }
    this.watch(manager);
  }

  private watch(manager: AmqpConnectionManager): void {
    const name = `${rabbitMqName(this.options.url)} (${this.options.name})`;
    manager.on('blocked', ({ reason }) => {
      this.blocked = reason;
      this.logger.warn(`${name} takes no messages: ${reason}`);
    });
    manager.on('unblocked', () => (this.blocked = undefined));
    manager.on('disconnect', ({ err }) => {
      this.blocked = undefined;
      this.logger.warn(`${name} is away: ${err.message}`);
    });
    manager.on('connect', () => {
      this.logger.log(`${name} is back`);
      this.reopen();
    });
  }

  private openChannel(): Promise<ConfirmChannel> {
    const lost = (): void => {
      if (this.current !== opened) return;
      this.current = undefined;
      this.channelNow = undefined;
      this.reopen();
    };
    const opened = this.newChannel(lost);
    opened.then((channel) => (this.channelNow = channel), lost);
    return opened;
  }

  private async newChannel(lost: () => void): Promise<ConfirmChannel> {
    const connection = this.manager?.connection;
    if (!connection) throw unavailable(this.options.url, 'not connected');
    const channel = await connection.createConfirmChannel();
    // An 'error' (the broker closed this channel, the connection lives on) is followed by a 'close'.
    channel.on('error', (error: Error) => this.logger.warn(`channel of ${this.options.name}: ${error.message}`));
    channel.on('close', lost);
    await this.options.setUp?.(channel);
    return channel;
  }

  private reopen(): void {
    if (!this.options.keepOpen || !this.manager) return;
    setTimeout(() => {
      if (this.manager?.isConnected()) this.channel().catch(() => undefined);
    }, REOPEN_MS).unref();
  }
}

/** The manager goes on trying for ever; at start the first failure is wanted, with its reason. */
async function firstOutcome(manager: AmqpConnectionManager): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    manager.once('connect', () => resolve());
    manager.once('connectFailed', ({ err }) => reject(err));
  });
}
