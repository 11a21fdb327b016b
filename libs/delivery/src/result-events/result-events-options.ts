/** Where result events go, by `result_events` of gateway.yaml. Every transport is one of @nestjs/microservices. */
export type ResultEventsOptions = RabbitMqTransport | UrlTransport;

export const TRANSPORTS = ['redis', 'rabbitmq', 'nats', 'kafka'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

interface UrlTransport {
  readonly transport: Exclude<TransportName, 'rabbitmq'>;
  readonly url: string;
}

export interface RabbitMqTransport {
  readonly transport: 'rabbitmq';
  readonly url: string;
  /** A durable topic exchange; the routing key is the event's name. */
  readonly exchange: string;
  /** Set: one durable queue gets every event, past the exchange. */
  readonly queue?: string;
}

/** NATS confirms nobody's receipt, so it can promise none. */
export function confirmsReceipt(transport: TransportName): boolean {
  return transport !== 'nats';
}

/** Nothing that a broker is asked takes longer: connecting, taking a message and confirming it. */
export const BROKER_TIMEOUT_MS = 10_000;
