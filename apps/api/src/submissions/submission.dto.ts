import { WEBHOOK_BODIES, type WebhookBody } from '@longhaul/delivery';
import { isId, type JsonObject, type JsonValue, PRIORITIES, type Priority } from '@longhaul/kernel';
import {
  ChoiceField,
  FormField,
  JsonField,
  NumberField,
  ObjectField,
  TextField,
  TextListField,
} from '../validation/fields';

/** What every submission may say besides the question itself. Names are the wire's. */
export class SubmissionOptions {
  @FormField({
    description:
      'The conversation that this belongs to; a new one when absent. A chat is a turn of it and waits for the turns ' +
      'before it; an invoke only carries it.',
    form: 'an id such as conv_01JD…, as an earlier answer gave it',
    test: (text) => isId('conv', text),
  })
  conversation_id?: string;

  @ObjectField({ description: 'Comes back with the record, untouched.', example: { ticket: 4711 } })
  metadata?: JsonObject;

  @TextListField({ description: 'To find executions by.', maxItems: 20, maxLength: 64, example: ['nightly'] })
  tags?: string[];

  @ChoiceField({ description: "Over the agent's own.", choices: PRIORITIES })
  priority?: Priority;

  @NumberField({ description: 'Seconds before it becomes due.', min: 0, max: 2_592_000, example: 0 })
  delay_s?: number;

  @NumberField({ description: 'Hard limit of each run in seconds.', min: 0.1, max: 86_400, example: 900 })
  timeout_s?: number;

  @NumberField({ description: 'Attempts after the first one.', min: 0, max: 100, integer: true, example: 3 })
  max_retries?: number;

  @TextField({
    description:
      'Called when it has ended, signed by Standard Webhooks with the secret of GET /v1/callback-secret; tried again for ' +
      'three days.',
    example: 'https://example.com/hooks/longhaul',
  })
  callback_url?: string;

  @ChoiceField({
    description:
      'What that call says. `thin` when absent: what has ended, and where to read the rest; `whole`: the record.',
    choices: WEBHOOK_BODIES,
  })
  callback_body?: WebhookBody;

  @JsonField({
    description:
      'Who is told when it has ended, besides those whom the agent and the gateway name: a channel (`slack`, `telegram`, ' +
      '`email`, `pagerduty`), or `{ channel, to, template }`, or a list. `to` as far as the gateway allows it.',
    example: ['slack', { channel: 'email', to: 'me@example.com' }],
    required: false,
  })
  notify?: JsonValue;
}

export class ChatRequest extends SubmissionOptions {
  @TextField({ description: 'What the agent is asked.', required: true, example: 'Compare the three offers.' })
  message: string;

  @ObjectField({ description: 'Facts that the agent gets besides the message.', example: { customer: 'c-17' } })
  context?: JsonObject;
}

export class InvokeRequest extends SubmissionOptions {
  @JsonField({
    description: "Checked against the agent's `input_schema`.",
    required: true,
    example: { topic: 'heat pumps' },
  })
  input: JsonValue;
}
