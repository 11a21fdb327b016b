import { DELIVERY_STATUSES, WEBHOOK_BODIES, WEBHOOK_ENVELOPES, WEBHOOK_EVENTS } from '@longhaul/delivery';
import { flag, integer, list, moment, object, oneOf, type Properties, text, texts } from './schema';

const endpoint: Properties = {
  endpoint_id: text,
  url: text,
  'description?': text,
  events: { type: 'array', items: oneOf(WEBHOOK_EVENTS) },
  agents: { ...texts, description: 'Empty: all of them.' },
  body: oneOf(WEBHOOK_BODIES),
  envelope: oneOf(WEBHOOK_ENVELOPES),
  enabled: flag,
  'disabled_reason?': text,
  failures: { ...integer, description: 'Tries that failed in a row, of all its deliveries.' },
  'paused_until?': { ...moment, description: 'It failed too often: nothing is sent to it before.' },
  'previous_secret_until?': { ...moment, description: 'Until then the secret before the present one signs too.' },
  created_at: moment,
  updated_at: moment,
};
const delivery: Properties = {
  delivery_id: { ...text, description: 'The `webhook-id` of all its tries.' },
  event: text,
  channel: text,
  source: {
    ...oneOf(['client', 'operator']),
    description:
      'Who named the target: a request, or the operator (gateway.yaml, AGENT.md). Of the latter only an `admin` sees the target, and what was answered.',
  },
  'endpoint_id?': text,
  'target?': { ...text, description: 'Where to, when it is no registered endpoint.' },
  'execution_id?': text,
  'agent?': text,
  status: oneOf(DELIVERY_STATUSES),
  'status_detail?': oneOf(['sending']),
  attempt: { ...integer, description: 'Tries that have begun.' },
  created_at: moment,
  'next_attempt_at?': moment,
  'ended_at?': moment,
  'last_status?': integer,
  'last_error?': text,
};

/** What leaves, and where to. */
export const DELIVERY_SCHEMAS = {
  WebhookEndpoint: object('A URL that is called when executions end.', endpoint),
  WebhookEndpointList: list('WebhookEndpoint'),
  WebhookEndpointWithSecret: object('With its secret, which is shown this once.', { ...endpoint, secret: text }),
  CallbackSecret: object('', { secret: text }),
  Delivery: object('One thing that must leave: one event, through one channel, to one target.', delivery),
  DeliveryList: list('Delivery'),
  DeliveryDetail: object('With each of its tries.', {
    ...delivery,
    tries: {
      type: 'array',
      items: object('', {
        attempt: integer,
        at: moment,
        duration_ms: integer,
        outcome: oneOf(['delivered', 'failed']),
        'status?': { ...integer, description: 'Of HTTP.' },
        'error?': text,
        'excerpt?': { ...text, description: 'The beginning of what was answered.' },
      }),
    },
  }),
  DeliveryOrdered: object('', { delivery_id: text }),
  Redelivered: object('', { count: integer, delivery_ids: texts, next_cursor: { type: ['string', 'null'] } }),
} satisfies Properties;
