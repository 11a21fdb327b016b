import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LonghaulError } from '@longhaul/kernel';
import { firstValueFrom, fromEvent, map, type Observable, race, timeout } from 'rxjs';
import type { ResultEvent } from './result-event';
import { BROKER_TIMEOUT_MS, type ResultEventsOptions } from './result-events-options';
import { assertInstalled, createClient, type EventClient } from './transports/create-client';
import { rabbitMqRecord } from './transports/rabbitmq-client';

export const RESULT_EVENTS_OPTIONS = Symbol('RESULT_EVENTS_OPTIONS');

/**
 * Hands result events to the broker. The connection is made with the first event; a client that failed once is
 * dropped with all that it may still hold, and the next event gets a new one.
 */
@Injectable()
export class ResultEventPublisher implements OnApplicationShutdown {
  private client: EventClient | null = null;

  /** Throws `ConfigurationError` for a transport whose package is not installed. */
  constructor(@Inject(RESULT_EVENTS_OPTIONS) private readonly options: ResultEventsOptions) {
    assertInstalled(options.transport);
  }

  /**
   * Resolves once the broker has it: RabbitMQ and Kafka after their confirm, Redis after PUBLISH. Answers `false` when
   * the broker said that nobody takes the event: no queue is bound, no subscriber is there. Rejects with `unavailable`
   * when it did not answer in time, or before `signal` aborted; it may have the event nevertheless.
   */
  async publish(name: string, event: ResultEvent, signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    this.client ??= createClient(this.options);
    const { client } = this;
    const payload = this.options.transport === 'rabbitmq' ? rabbitMqRecord(event.id, event) : event;
    try {
      const emitted = client.emit<unknown>(name, payload).pipe(timeout(BROKER_TIMEOUT_MS));
      return (await firstValueFrom(signal ? race(emitted, abortOf(signal)) : emitted)) !== false;
    } catch (error) {
      if (this.client === client) this.client = null;
      void close(client);
      throw new LonghaulError('unavailable', `${this.name} did not take the event ${name}: ${reasonOf(error)}`, {
        retryable: true,
        cause: error,
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    const { client } = this;
    this.client = null;
    if (client) await close(client);
  }

  /** Why `publish` has answered `false`. */
  get whoIsMissing(): string {
    const { options } = this;
    if (options.transport !== 'rabbitmq') return 'no service is subscribed to it at the moment';
    return options.queue === undefined
      ? `no queue is bound for it to the exchange ${options.exchange}`
      : `there is no queue ${options.queue}`;
  }

  private get name(): string {
    return `${this.options.transport} at ${new URL(this.options.url).host}`;
  }
}

function abortOf(signal: AbortSignal): Observable<never> {
  return fromEvent(signal, 'abort').pipe(
    map(() => {
      throw signal.reason;
    }),
  );
}

/** A broker that is gone answers no goodbye. */
async function close(client: EventClient): Promise<void> {
  const closed = Promise.resolve(client.close() as unknown).catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, 1_000)))]);
  clearTimeout(timer);
}

/** Nest rejects with errors, with texts, and with what amqp-connection-manager tells of a failed connection. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const inner = typeof error === 'object' && error !== null && 'err' in error ? error.err : error;
  return inner instanceof Error ? inner.message : String(inner);
}
