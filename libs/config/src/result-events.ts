import type { PlacedIssue } from './config-path';
import type { GatewayDocument } from './schema/gateway-schema';

type Document = Pick<GatewayDocument, 'queue' | 'result_events'>;

const SCHEMES = {
  redis: ['redis', 'rediss'],
  rabbitmq: ['amqp', 'amqps'],
  nats: ['nats', 'tls'],
  kafka: ['kafka'],
} as const;

/** Where result events go: what the section says, else the queue's own broker; null where there is neither. */
export function resultEventsBroker({ queue, result_events: section }: Document) {
  const own = queue.backend === 'redis' || queue.backend === 'rabbitmq' ? queue.backend : undefined;
  const transport = section.transport ?? own;
  if (transport === undefined) return null;
  const ownUrl = own === 'redis' ? queue.redis_url : queue.rabbitmq_url;
  const url = section.url ?? (transport === own ? ownUrl : undefined);
  return url === undefined ? { transport } : { transport, url };
}

export function checkResultEvents(document: Document): PlacedIssue[] {
  const { url, transport } = document.result_events;
  const broker = resultEventsBroker(document);
  if (!broker) {
    if (url === undefined) return [];
    const message = `is set without a transport, and queue.backend ${document.queue.backend} has none of its own`;
    return [{ at: ['result_events', 'url'], message, hint: 'set result_events.transport: redis or rabbitmq' }];
  }
  const schemes: readonly string[] = SCHEMES[broker.transport];
  const forms = schemes.map((scheme) => `${scheme}://`).join(' or ');
  if (broker.url === undefined) {
    const message = `is needed for transport ${transport} beside queue.backend ${document.queue.backend}`;
    return [{ at: ['result_events', 'url'], message, hint: `write ${schemes[0]}://host:port` }];
  }
  if (url === undefined) return [];
  if (URL.canParse(url) && schemes.includes(new URL(url).protocol.slice(0, -1))) return [];
  const message = `must be a URL that starts with ${forms} for transport ${broker.transport}`;
  return [{ at: ['result_events', 'url'], message, hint: 'correct it, or result_events.transport' }];
}
