import { z } from 'zod';
import { section, text } from './fields';

const EXCHANGE = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:-]{0,126}$/,
  rule: 'must be letters, digits and . _ : -, starting with a letter or digit, at most 127',
};

export const resultEvents = section('How other Nest services are told of ends: result_event of an AGENT.md.', {
  transport: z
    .enum(['redis', 'rabbitmq', 'nats', 'kafka'])
    .optional()
    .describe("A transport of @nestjs/microservices. Default: the queue's own broker, where that is redis or rabbitmq."),
  url: text("Of that broker: redis://, amqp://, nats:// or kafka://host:port. Default: the queue's own, for its transport.").optional(),
  exchange: text('For rabbitmq: the topic exchange; the routing key is the name of the event.', EXCHANGE).default('longhaul.events'),
  queue: text('For rabbitmq: one durable queue that gets every event, instead of the exchange.', EXCHANGE).optional(),
});
