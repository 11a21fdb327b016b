import { Logger } from '@nestjs/common';
import { RetryableError } from '@longhaul/kernel';
import type { Execution, Fork, Overrides } from '../entities/execution.entity';
import type { ExecutionContext, ExecutionResult } from '../execution-context';
import type { ExecutionHandler } from '../execution-handler';
import type { ExecutionKinds } from '../execution-kinds';
import type { RunEnding } from '../statements/end-run';
import type { Fence } from '../statements/fence';
import { placeInConversation } from '../place-in-conversation';
import type { ExecutionWrites } from './execution-writes';
import { childOf } from './child-of';
import type { Children } from './children';
import { type AbortReason, RunAborted, RunParked } from './run-aborted';
import { RunClock } from './run-clock';
import { endingOfAbort, endingOfError, endingOfResult } from './run-ending';
import { limitsOf } from './run-limits';
import { RunEventWriter } from './run-event-writer';
import { StepJournal } from './steps/step-journal';
import { UsageMeter } from './usage-meter';

/** How long a handler may take to stop once it is told to. After that its execution goes on without it. */
const ABORT_GRACE_MS = 5_000;

export interface RunRequest {
  execution: Execution;
  /** Until the execution's deadline when it was claimed; null: it has none. */
  deadlineInMs: number | null;
  fence: Fence;
  controller: AbortController;
  kinds: ExecutionKinds;
  writes: ExecutionWrites;
  children: Pick<Children, 'submit'>;
}

/**
 * One run from its claim to its end: calls the handler, keeps its limits, and says what becomes of the execution;
 * null when the lease was lost and nothing is left to say. Never rejects.
 */
export async function runExecution({
  execution,
  deadlineInMs,
  fence,
  controller,
  kinds,
  writes,
  children,
}: RunRequest): Promise<RunEnding | null> {
  const kind = kinds.find(execution.kind);
  const target = kind?.targets.find(execution.target);
  const limits = limitsOf(execution, target, deadlineInMs);
  const meter = new UsageMeter(execution.usage);
  const events = new RunEventWriter(fence, writes, meter, () => controller.abort(new RunAborted('lease_lost')));
  // Also what was spent and could not be stored with its event.
  const spent = (ending: RunEnding): RunEnding => ({ ...ending, usage: meter.totals });
  const abort = (reason: AbortReason) => controller.abort(new RunAborted(reason));
  const clock = new RunClock(limits, () => events.silenceMs, abort);
  const frame = () => ({ execution, target, limits, toDeadlineMs: clock.toDeadlineMs });
  try {
    if (!kind) throw new RetryableError(`this worker has no handler for kind "${execution.kind}"`);
    const { id: executionId, epoch, attempt } = execution;
    const step = new StepJournal({
      executionId,
      epoch,
      attempt,
      signal: controller.signal,
      events,
      read: () => writes.stepsOf(executionId),
      park: (waitingFor) => controller.abort(new RunParked(waitingFor)),
      childCommand: (childId, ask) => childOf(execution, childId, ask, kinds),
      submit: (command) => children.submit(command),
    });
    const run = carryOut(kind.handler, contextOf(execution, fence, controller.signal, events, step, clock), step);
    const result = await Promise.race([run, overdue(controller.signal)]);
    // A handler that has swallowed that it is to wait has nothing to answer yet.
    if (controller.signal.reason instanceof RunParked) throw controller.signal.reason;
    await events.flush();
    return spent(endingOfResult(result, meter));
  } catch (error) {
    const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
    if (!(reason instanceof RunAborted)) return spent(endingOfError(error, frame()));
    if (reason instanceof RunParked) return spent({ kind: 'parked', waitingFor: reason.waitingFor });
    // What does not stop must not be given to another worker while it goes on here: it stays under this lease, which
    // ends with the process.
    if (error instanceof Overdue && reason.reason === 'drain') return null;
    const ending = endingOfAbort(reason.reason, frame());
    return ending && spent(ending);
  } finally {
    clock.stop();
    await events.close();
  }
}

/** A sibling that goes on when one step has failed may still record what it does; the run is over when all are. */
async function carryOut(
  handler: ExecutionHandler,
  context: ExecutionContext,
  step: StepJournal,
): Promise<ExecutionResult> {
  try {
    return await handler.run(context);
  } finally {
    await step.settle();
  }
}

function contextOf(
  execution: Execution,
  fence: Fence,
  signal: AbortSignal,
  events: RunEventWriter,
  step: StepJournal,
  clock: RunClock,
): ExecutionContext {
  return {
    executionId: execution.id,
    runId: fence.runId,
    attempt: execution.attempt,
    owner: execution.owner,
    target: execution.target,
    input: execution.input,
    conversationId: execution.conversationId,
    turn: placeInConversation(execution),
    correlationId: execution.correlationId,
    traceparent: execution.traceparent,
    metadata: execution.metadata,
    ...(execution.fork === null ? {} : { overrides: overridesOf(execution.fork) }),
    deadline: new Date(Date.now() + clock.leftMs),
    signal,
    step,
    events,
    logger: new Logger(`${execution.target} ${execution.id}`),
    progress: (percent, message, stage) =>
      events.progress({
        percent: Math.min(Math.max(percent, 0), 100),
        message: message ?? null,
        step: stage ?? null,
      }),
    heartbeat: () => events.heartbeat(),
  };
}

function overridesOf({ prompt, model }: Fork): Overrides {
  return { ...(prompt === undefined ? {} : { prompt }), ...(model === undefined ? {} : { model }) };
}

/** The handler goes on although it was told to stop. Its late writes are refused. */
class Overdue extends Error {}

/** Rejects when the handler has not stopped within the grace; at once when the lease is lost. */
function overdue(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => {
      const reason = signal.reason as RunAborted;
      setTimeout(() => reject(new Overdue()), reason.reason === 'lease_lost' ? 0 : ABORT_GRACE_MS).unref();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
