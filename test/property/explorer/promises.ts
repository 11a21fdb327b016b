import { isTerminal, MAX_INTERRUPTIONS, TRANSITIONS } from '@longhaul/executions';
import type { Move } from './move';
import { type ExecutionState, isLive } from './rules';
import { type Bounds, WORKERS, type World } from './world';

/** What a move breaks, in words; null when all is well. Numbers as in docs/guarantees.md's checker. */
export function brokenBy(before: World, move: Move, bounds: Bounds): string | null {
  for (const [of, execution] of move.to.executions.entries()) {
    const earlier = before.executions[of] as ExecutionState;
    const broken = byChange(earlier, execution, move, of) ?? inState(execution, bounds);
    if (broken) return `${broken} (execution ${of})`;
    if (holders(move.to, execution, of) > 1) return `I2: two runs hold execution ${of} at once`;
    const early = execution.status === 'running' && move.to.executions.slice(0, of).some(isLive);
    if (early) return `turns: ${of} runs before an earlier turn is over`;
  }
  return null;
}

function byChange(before: ExecutionState, after: ExecutionState, move: Move, of: number): string | null {
  const concerned = move.of === of;
  const { writer, row } = move;
  const holds = before.status === 'running' && before.owner === writer?.worker && before.epoch === writer?.epoch;
  if (concerned && writer && !holds) return 'I3: a write of a run that does not hold the execution was accepted';
  if (isFinal(before) && before !== after) return `I1: a terminal execution changed`;
  if (concerned && row && before.status !== TRANSITIONS[row].from) {
    return `the table: ${row} came true for what was ${before.status}`;
  }
  const raises = concerned && (row === 'claim' || row === 'exceedDeadlineRunning');
  if (after.epoch !== before.epoch + (raises ? 1 : 0))
    return 'I2: the epoch rises with each claim, and with each force';
  return null;
}

function inState(execution: ExecutionState, { maxAttempts }: Bounds): string | null {
  const { status, owner, attempt, retries, interruptions, cancelAsked, terminalEvents } = execution;
  if ((status === 'running') !== (owner !== null)) return 'I2: what runs has one owner, and nothing else has one';
  if (attempt > maxAttempts) return 'I4: more attempts than allowed';
  if (interruptions > (isLive(execution) ? MAX_INTERRUPTIONS - 1 : MAX_INTERRUPTIONS)) {
    return 'I4: it lost its worker as often as it may, and lives';
  }
  if (status === 'running' && attempt !== retries + 1) return 'I4: an attempt was spent although none had failed';
  if (terminalEvents !== (isFinal(execution) ? 1 : 0)) return 'I6: one terminal event, when it is over and only then';
  if (status === 'queued' && cancelAsked) return 'I8: queued with a cancel pending';
  return null;
}

const isFinal = ({ status }: ExecutionState) => status !== null && isTerminal(status);

function holders({ workers }: World, { status, owner, epoch }: ExecutionState, of: number): number {
  if (status !== 'running') return 0;
  return workers.flatMap(({ runs }, index) =>
    owner === WORKERS[index] ? runs.filter((run) => run.of === of && run.epoch === epoch) : [],
  ).length;
}

/** I5 is asked of these: something was accepted, and a worker is up. */
export function mustEnd({ executions, workers }: World): boolean {
  return executions.some(isLive) && workers.some(({ is }) => is === 'up');
}

export function isOver({ executions }: World): boolean {
  return !executions.some(isLive);
}
