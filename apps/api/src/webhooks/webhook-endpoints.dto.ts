import {
  type EndpointSettings,
  WEBHOOK_BODIES,
  WEBHOOK_ENVELOPES,
  WEBHOOK_EVENTS,
  type WebhookBody,
  type WebhookEnvelope,
  type WebhookEvent,
} from '@longhaul/delivery';
import { AGENT_ID_PATTERN } from '@longhaul/kernel';
import { OptionalBody } from '../validation/dto.pipe';
import { ChoiceField, NumberField, NumberParameter, TextField } from '../validation/fields';
import { BooleanField, ItemsField } from '../validation/list-fields';

const ALL = '*';
const EVENTS = {
  description: 'What it is told of; all when absent, or with `*`.',
  items: [...WEBHOOK_EVENTS, ALL],
  example: ['execution.failed'],
};
const isAgent = (text: string) => AGENT_ID_PATTERN.test(text);

/** What may be said of an endpoint, when it is made and later. */
class EndpointOptions {
  @ItemsField(EVENTS)
  events?: (WebhookEvent | typeof ALL)[];

  @ItemsField({
    description: 'Only of these agents; of all when absent or empty.',
    form: { test: isAgent, name: 'ids of agents' },
    maxItems: 100,
    example: ['research-agent'],
  })
  agents?: string[];

  @TextField({ description: 'For people.', max: 256 })
  description?: string;

  @ChoiceField({
    description: '`thin` (when absent): what it is about, and where to read the rest. `whole`: the record.',
    choices: WEBHOOK_BODIES,
  })
  body?: WebhookBody;

  @ChoiceField({
    description: '`standard` when absent: `{type, timestamp, data}`. `cloudevents`: CloudEvents 1.0, structured.',
    choices: WEBHOOK_ENVELOPES,
  })
  envelope?: WebhookEnvelope;
}

export class CreateEndpointRequest extends EndpointOptions {
  @TextField({ description: 'Where to call.', required: true, example: 'https://example.com/hooks/longhaul' })
  url: string;
}

export class ChangeEndpointRequest extends EndpointOptions {
  @TextField({ description: 'Where to call from now on; also what is still to be delivered.' })
  url?: string;

  @BooleanField({ description: '`false`: nothing is sent to it. `true`: again, with its circuit closed.' })
  enabled?: boolean;
}

export class RotateSecretRequest extends OptionalBody {
  @NumberField({ description: 'How long the old secret signs too; a day when absent.', min: 0, max: 2_592_000 })
  overlap_s?: number;
}

export class ListEndpointsQuery {
  @TextField({ description: '`next_cursor` of the page before.', max: 256 })
  cursor?: string;

  @NumberParameter({ description: 'Items of one page; 20 when absent.', min: 1, max: 100, integer: true })
  limit?: string;
}

/** What was said, and nothing else. */
export function toChange(dto: EndpointOptions & { url?: string }): Partial<EndpointSettings> {
  const { url, events, agents, description, body, envelope } = dto;
  return {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: namedBy(events) }),
    ...(agents === undefined ? {} : { agents }),
    ...(description === undefined ? {} : { description }),
    ...(body === undefined ? {} : { body }),
    ...(envelope === undefined ? {} : { envelope }),
  };
}

export function toSettings(dto: CreateEndpointRequest): EndpointSettings {
  const defaults = { description: null, events: [...WEBHOOK_EVENTS], agents: [] };
  return { ...defaults, body: 'thin', envelope: 'standard', ...toChange(dto), url: dto.url };
}

function namedBy(events: (WebhookEvent | typeof ALL)[]): WebhookEvent[] {
  const isAll = events.length === 0 || events.includes(ALL);
  return WEBHOOK_EVENTS.filter((event) => isAll || events.includes(event));
}
