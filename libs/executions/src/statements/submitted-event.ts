import type { JsonObject } from '@longhaul/kernel';
import { forkFacts } from '../fork-facts';
import type { SubmitCommand } from '../submit-command';

/** What event 0 tells of a submission. */
export function submittedData(command: SubmitCommand): JsonObject {
  const { queue, priority, delayMs, retryOf, child } = command;
  return {
    queue,
    priority,
    delay_ms: delayMs,
    ...(retryOf ? { retry_of: retryOf.executionId } : {}),
    ...beginningOf(command),
    ...(child ? { parent_id: child.parentId } : {}),
  };
}

/** Which step is the first to be done, and whether otherwise. */
function beginningOf({ fork, journalFrom }: SubmitCommand): JsonObject {
  const step = journalFrom?.beforeStep ?? null;
  if (!fork) return step === null ? {} : { from_step: step };
  const { from_step: forkedAt, changed } = forkFacts(fork);
  const from = step ?? forkedAt;
  return { forked_from: fork.execution_id, ...(from === undefined ? {} : { from_step: from }), changed };
}
