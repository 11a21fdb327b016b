import type { Overrides, SubmitCommand } from '@longhaul/executions';
import type { JsonValue } from '@longhaul/kernel';
import type { ChangedInput } from '../retries/changed-input';

/** What is to be different in a new execution that is otherwise as another one was; what is absent stays. */
export interface ForkRequest extends Overrides {
  /** The first step to be done anew, by its key or id. Absent: all of them, and nothing is shared. */
  fromStep?: string;
  input: ChangedInput;
  /** By the keys of steps that are shared: what each of them is to have answered. */
  stepResults: Record<string, JsonValue>;
  correlationId?: string;
  traceparent?: string;
  idempotency?: SubmitCommand['idempotency'];
}
