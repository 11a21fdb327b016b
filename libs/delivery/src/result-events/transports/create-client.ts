import { createRequire } from 'node:module';
import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { ConfigurationError } from '@longhaul/kernel';
import type { ResultEventsOptions, TransportName } from '../result-events-options';
import { ConfirmingRmqClient, rabbitMqOptions } from './rabbitmq-client';
import { CountingRedisClient, redisOptions } from './redis-client';

/** What @nestjs/microservices asks for beyond what Longhaul installs. Without it Nest ends the process. */
const PACKAGES: Partial<Record<TransportName, string>> = { nats: '@nats-io/transport-node', kafka: 'kafkajs' };

/** Throws `ConfigurationError` that names the package to install. */
export function assertInstalled(transport: TransportName): void {
  const name = PACKAGES[transport];
  if (name === undefined) return;
  try {
    // Found from where Nest will look for it.
    createRequire(require.resolve('@nestjs/microservices')).resolve(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') return;
    const message = `${transport} needs the package ${name}, which is not installed`;
    const hint = `npm install ${name}, or choose redis or rabbitmq`;
    throw new ConfigurationError(`result_events.transport: ${message}: ${hint}`, [
      { path: 'result_events.transport', message, hint },
    ]);
  }
}

/** What all of Nest's clients have. */
export type EventClient = Pick<ClientProxy, 'emit' | 'close'>;

/** A client that is not connected yet: the first `emit` does that. */
export function createClient(options: ResultEventsOptions): EventClient {
  switch (options.transport) {
    case 'redis':
      return new CountingRedisClient(redisOptions(options.url));
    case 'rabbitmq':
      return new ConfirmingRmqClient(rabbitMqOptions(options));
    case 'nats':
      return ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [options.url] } });
    case 'kafka':
      return ClientProxyFactory.create({
        transport: Transport.KAFKA,
        options: {
          client: { clientId: 'longhaul', brokers: [new URL(options.url).host] },
          producerOnlyMode: true,
        },
      });
  }
}
