import { Logger } from '@nestjs/common';
import { type AmqpConnectionManager, connect } from 'amqp-connection-manager';
import type { ChannelModel } from 'amqplib';
import { answered, explain, rabbitMqName, unavailable } from './rabbitmq-errors';

/** A connection that, once open, comes back by itself after any outage (amqp-connection-manager). */
export class RabbitMqConnection {
  private readonly logger = new Logger('RabbitMQ');
  private readonly returnListeners = new Set<() => void>();
  private opening?: Promise<void>;
  private manager?: AmqpConnectionManager;
  /** Why the broker takes no messages now: a memory or disk alarm. */
  private blocked?: string;

  constructor(
    readonly url: string,
    /** Shown in RabbitMQ's list of connections. */
    private readonly name: string,
  ) {}

  /** Connects, or says why not. May be called again, also by several at once. */
  async open(): Promise<void> {
    this.opening ??= this.connect();
    try {
      await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw explain(this.url, error);
    }
  }

  /** The connection of now; throws `unavailable` when there is none or when it takes nothing. */
  current(): ChannelModel {
    if (this.blocked !== undefined) throw unavailable(this.url, `it takes no messages: ${this.blocked}`);
    const connection = this.manager?.connection;
    if (!connection) throw unavailable(this.url, 'not connected');
    return connection;
  }

  get isUp(): boolean {
    return this.manager?.isConnected() === true;
  }

  /** `listener` is called after each outage. */
  onReturn(listener: () => void): void {
    this.returnListeners.add(listener);
  }

  /** What the broker holds unsettled for this connection goes back to its queues. */
  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    const manager = this.manager;
    this.manager = undefined;
    if (manager) await answered(this.url, manager.close()).catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const manager = connect([this.url], {
      heartbeatIntervalInSeconds: 5,
      reconnectTimeInSeconds: 1,
      connectionOptions: {
        // Without it each basic.get waits for a delayed TCP acknowledgement: forty times slower.
        noDelay: true,
        timeout: 5_000,
        clientProperties: { connection_name: this.name },
      },
    });
    try {
      await firstOutcome(manager);
    } catch (error) {
      await manager.close();
      throw error;
    }
    this.manager = manager;
    this.watch(manager);
  }

  private watch(manager: AmqpConnectionManager): void {
    const name = `${rabbitMqName(this.url)} (${this.name})`;
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
      for (const listener of this.returnListeners) listener();
    });
  }
}

/** The manager goes on trying for ever; at start the first failure is wanted, with its reason. */
async function firstOutcome(manager: AmqpConnectionManager): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    manager.once('connect', () => resolve());
    manager.once('connectFailed', ({ err }) => reject(err));
  });
}
