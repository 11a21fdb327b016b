import { QuietLogger } from './quiet-logger';
import { ClientRMQ, type ReadPacket, RmqRecord, type RmqRecordOptions } from '@nestjs/microservices';
import { BROKER_TIMEOUT_MS, type RabbitMqTransport } from '../result-events-options';

interface Channel {
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'return', listener: (message: { properties: { messageId: string } }) => void): void;
}

/**
 * Nest's client for RabbitMQ, whose `emit` resolves with the broker's confirm. Three things it lacks: a message that
 * goes to no queue is confirmed all the same; what goes wrong while the channel is set up (a queue that exists with
 * other arguments) is an `error` event that nobody hears, which ends the process; and `connect` then waits for ever.
 * Here `emit` answers whether a queue took the message, and `connect` rejects.
 */
export class ConfirmingRmqClient extends ClientRMQ {
  protected override readonly logger = new QuietLogger('ResultEvents');
  private readonly returned = new Set<string>();
  private ready?: Promise<void>;

  /** Nest calls it twice for the first connection. */
  override createChannel(): Promise<void> {
    this.ready ??= this.openChannel();
    return this.ready;
  }

  override setupChannel(channel: Channel, resolve: () => void): Promise<void> {
    // What closes a channel also fails what was sent on it; without a listener it would end the process.
    channel.on('error', () => undefined);
    channel.on('return', ({ properties }) => void this.returned.add(properties.messageId));
    return super.setupChannel(channel, resolve);
  }

  /** The broker returns what no queue takes before it confirms it. */
  protected override async dispatchEvent(packet: ReadPacket<RmqRecord>): Promise<boolean> {
    await super.dispatchEvent(packet);
    return !this.returned.delete(packet.data.options?.messageId ?? '');
  }

  /** The connection first, which closes its channels: Nest would go on reconnecting where a channel does not answer. */
  override async close(): Promise<void> {
    const manager = this.client as { close(): Promise<void> } | null;
    this.handleClose();
    this.client = this.channel = null;
    await manager?.close();
  }

  private openChannel(): Promise<void> {
    const opened = super.createChannel();
    const ready = new Promise<void>((resolve, reject) => {
      const channel = this.channel as { on(event: 'error', listener: (error: Error) => void): void };
      channel.on('error', reject);
      opened.then(resolve, reject);
    });
    // Nest holds a second reference to it that nobody awaits.
    ready.catch(() => undefined);
    return ready;
  }
}

export function rabbitMqOptions({ url, exchange, queue }: RabbitMqTransport) {
  return {
    urls: [url],
    ...(queue === undefined
      ? { exchange, exchangeType: 'topic' as const, wildcards: true }
      : { queue, queueOptions: { durable: true } }),
    socketOptions: {
      heartbeatIntervalInSeconds: 5,
      reconnectTimeInSeconds: 1,
      connectionOptions: {
        noDelay: true,
        timeout: BROKER_TIMEOUT_MS / 2,
        clientProperties: { connection_name: 'longhaul-result-events' },
      },
    },
  };
}

/**
 * On disk wherever the queue is durable. `timeout` is read by amqp-connection-manager, which otherwise keeps what it
 * cannot send, without a limit.
 */
export function rabbitMqRecord<T>(id: string, data: T): RmqRecord<T> {
  const options: RmqRecordOptions & { timeout: number } = {
    messageId: id,
    mandatory: true,
    persistent: true,
    contentType: 'application/json',
    timeout: BROKER_TIMEOUT_MS / 2,
  };
  return new RmqRecord(data, options);
}
