import type { ForkRequest } from '@longhaul/agents';
import type { JsonObject } from '@longhaul/kernel';
import { ObjectField, TextField } from '../validation/fields';
import { changeOfRetry, ChangedAsk } from './retry.dto';

/** What is to be different in the fork; all as it was when absent. */
export class ForkExecutionRequest extends ChangedAsk {
  @TextField({
    description:
      'A key or id of its journal: that step, and all that was begun after it, is done anew; what was recorded before is ' +
      'shared. Absent: everything is done anew.',
    example: 'model:2',
    max: 200,
  })
  from_step?: string;

  @TextField({
    description: "What the agent's own instructions are to be, for what is done anew. Wants the scope `admin`.",
    example: 'You answer in one sentence.',
    max: 50_000,
  })
  prompt?: string;

  @TextField({
    description: "Instead of the agent's own model, for what is done anew. Wants the scope `admin`.",
    example: 'openai/gpt-5-mini',
    max: 200,
  })
  model?: string;

  @ObjectField({
    description:
      'By key: what shared steps are to have answered, JSON; of a call to a tool or to a model its text. Wants the scope ' +
      '`admin`.',
    example: { 'tool:1:1': 'It rains.' },
  })
  step_results?: JsonObject;
}

export function toForkRequest(dto: ForkExecutionRequest): ForkRequest {
  return {
    input: changeOfRetry(dto),
    stepResults: dto.step_results ?? {},
    ...(dto.from_step === undefined ? {} : { fromStep: dto.from_step }),
    ...(dto.prompt === undefined ? {} : { prompt: dto.prompt }),
    ...(dto.model === undefined ? {} : { model: dto.model }),
  };
}
