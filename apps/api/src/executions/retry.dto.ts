import type { ChangedInput } from '@longhaul/agents';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { OptionalBody } from '../validation/dto.pipe';
import { JsonField, ObjectField, TextField } from '../validation/fields';

/** What is to be asked instead; all as it was when absent. */
export abstract class ChangedAsk extends OptionalBody {
  @JsonField({ description: "Of an invoke: checked against the agent's `input_schema`.", required: false })
  input?: JsonValue;

  @TextField({ description: 'Of a chat.', example: 'Compare the three offers, in euros.' })
  message?: string;

  @ObjectField({ description: 'Of a chat: facts that the agent gets besides the message.' })
  context?: JsonObject;
}

export class RetryRequest extends ChangedAsk {
  @TextField({ description: 'A key of its journal: what was begun before is taken over.', example: 'charge', max: 200 })
  from_step?: string;
}

export function changeOfRetry({ input, message, context }: ChangedAsk): ChangedInput {
  return {
    ...(input === undefined ? {} : { input }),
    ...(message === undefined ? {} : { message }),
    ...(context === undefined ? {} : { context }),
  };
}
