export type { ExecutionEventType } from './events/event-types';
export { EventFeed } from './events/event-feed';
export { EventLog } from './events/event-log';
export { EXECUTION_EVENT_TYPES, isLastEvent } from './events/event-types';
export { column } from './entities/columns';
export { EXECUTION_ENTITIES } from './entities';
export { Conversation } from './entities/conversation.entity';
export { Execution } from './entities/execution.entity';
export type { Fork, Notify, Overrides, Progress, Usage, WaitingFor } from './entities/execution.entity';
export { ExecutionEvent } from './entities/execution-event.entity';
export { Run } from './entities/run.entity';
export { Step } from './entities/step.entity';
export { Wait, WAIT_KINDS } from './entities/wait.entity';
export type { WaitKind } from './entities/wait.entity';
export { Worker, WORKER_END_REASONS } from './entities/worker.entity';
export type { EventWriter, ExecutionContext, ExecutionResult } from './execution-context';
export { EXECUTION_CHANGES } from './hooks/execution-change';
export type { ExecutionChange, ExecutionListener } from './hooks/execution-change';
export { ExecutionHooks } from './hooks/execution-hooks';
export { HookExplorer } from './hooks/hook-explorer';
export { toExecutionRecord } from './hooks/execution-record';
export type { ExecutionRecord } from './hooks/execution-record';
export { OnExecution } from './hooks/on-execution';
export { ExecutionHandler } from './execution-handler';
export { ExecutionNews } from './execution-news';
export { ExecutionTargets } from './execution-targets';
export type { Backoff, ChildCommand, ExecutionTarget } from './execution-targets';
export { ConversationsReader, conversationNotFound } from './conversations.reader';
export { DEAD_LETTER_STATES } from './dead-letters/dead-letter-filter';
export type { DeadLetterFilter, DeadLetterState } from './dead-letters/dead-letter-filter';
export { handlingOf } from './dead-letters/dead-letter-record';
export type { DeadLetterGroup, DeadLetterRecord } from './dead-letters/dead-letter-record';
export { DeadLettersReader } from './dead-letters/dead-letters.reader';
export type { DeadLetterPlace, WalkPlace } from './dead-letters/dead-letters.reader';
export { ABSENT, DeadLettersService, endOf } from './dead-letters/dead-letters.service';
export type { DeadLetterRefusal, Discarded, WalkEnd } from './dead-letters/dead-letters.service';
export { forkFacts } from './fork-facts';
export { placeInConversation } from './place-in-conversation';
export { ExecutionsReader } from './executions.reader';
export type { ExecutionFilter } from './executions.reader';
export { ExecutionsService } from './executions.service';
export type { ExecutionsOptions } from './executions-options';
export { RateLimits } from './limits/rate-limits';
export { askedDelayMs, backoffMs } from './lifecycle/backoff';
export { EXECUTION_STATUSES, isTerminal, TERMINAL_STATUSES } from './lifecycle/status';
export { STEP_EFFECTS, STEP_STATUSES } from './lifecycle/steps';
export type { StepEffects, StepStatus } from './lifecycle/steps';
export type { ExecutionStatus, RunOutcome, TerminalStatus } from './lifecycle/status';
export { MAX_INTERRUPTIONS, SOLO_FROM_INTERRUPTIONS, TRANSITIONS } from './lifecycle/transitions';
export { TransitionParticipant, TransitionParticipants } from './transition-participant';
export type { TransitionChange } from './transition-participant';
export { deleteConversation } from './statements/delete-conversation';
export { WaitsService } from './waits.service';
export type { StoredDecision } from './worker/steps/wait-specs';
export type {
  ApprovalDecision,
  ApprovalRequest,
  EventRequest,
  InvokeRequest,
  StepContext,
  StepOptions,
  StepRunner,
} from './step-runner';
export type { SubmitCommand } from './submit-command';
export { StreamTickets } from './tickets/stream-tickets';
export type { IssuedTicket, TicketHolder } from './tickets/stream-tickets';
export { submitWithin } from './statements/submit';
export type { SubmitOutcome } from './statements/submit';
export { toExecution } from './statements/execution-row';
export { childOf } from './worker/child-of';
export { ExecutionKinds } from './execution-kinds';
export { ExecutionsModule } from './executions.module';
export { ActiveRuns } from './worker/active-runs';
export { ExecutionProcessor } from './worker/execution-processor';
export { RunAborted } from './worker/run-aborted';
export type { AbortReason } from './worker/run-aborted';
export { IdWalk, type Met } from './retention/id-walk';
export { Retention } from './retention/retention';
export { type Forgotten, RetentionParticipant } from './retention/retention-participant';
export { deletion } from './statements/retention';
export { Sweeper } from './worker/sweeper';
export { WorkerLease } from './worker/worker-lease';
export { WORKER_STATES } from './workers/worker-record';
export type { WorkerRecord } from './workers/worker-record';
export { WorkersService } from './workers/workers.service';
