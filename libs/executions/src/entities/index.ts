import { Conversation } from './conversation.entity';
import { DeadLetter } from './dead-letter.entity';
import { ExecutionEvent } from './execution-event.entity';
import { Execution } from './execution.entity';
import { IdempotencyKey } from './idempotency-key.entity';
import { RateLimitRow } from './rate-limit.entity';
import { Run } from './run.entity';
import { Step } from './step.entity';
import { StepValue } from './step-value.entity';
import { StreamTicket } from './stream-ticket.entity';
import { Wait } from './wait.entity';
import { Worker } from './worker.entity';

export const EXECUTION_ENTITIES = [
  Execution,
  ExecutionEvent,
  Run,
  Step,
  StepValue,
  Worker,
  IdempotencyKey,
  Conversation,
  DeadLetter,
  StreamTicket,
  Wait,
  RateLimitRow,
];
