import { Injectable } from '@nestjs/common';
import { HintBus } from '@longhaul/queue';
import { Dispatcher } from './dispatcher';
import type { Execution } from './entities/execution.entity';
import { ExecutionHooks } from './hooks/execution-hooks';

/** Tells what a committed change made of an execution. Never awaited, never an error: all of it may be lost unharmed. */
@Injectable()
export class Announcer {
  constructor(
    private readonly hints: HintBus,
    private readonly dispatcher: Dispatcher,
    private readonly hooks: ExecutionHooks,
  ) {}

  /** It runs no longer: whoever may run now is rung, whoever follows it is told. */
  stopped(execution: Execution): void {
    // A retry is rung by the sweep when it is due; what was released or lost its worker is due now.
    if (execution.status === 'queued' && !execution.countsAttempt) this.dispatcher.ring(execution);
    this.dispatcher.ringNext(execution);
    this.hints.publish({ kind: 'execution', executionId: execution.id });
    this.hooks.emitOutcome(execution);
  }
}
