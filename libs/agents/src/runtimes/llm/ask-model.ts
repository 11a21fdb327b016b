import type { StepRunner } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import { type Answer, type Asking, isTheModelsFault, modelStep } from './model-step';

/**
 * Asks the first model; and the fallback, when the first one failed and not the question. When both fail, the error is
 * the one that leaves hope: a fallback without a key must not fail for good what the first model may answer later.
 * `key` names the question within the execution: what was answered is recorded, and not asked (and paid) again.
 */
export async function askModel(key: string, asking: Asking): Promise<Answer> {
  const { name, fallback } = asking.choice;
  const { logger, signal, step } = asking.context;
  if (fallback === undefined) return answerOf(key, asking);
  const askSecond = () => answerOf(`${key}:fallback`, { ...asking, choice: { name: fallback, fallback: undefined } });
  // A later attempt would ask the first one anew, and what has come of the answer belongs to the second one's.
  if (await hasAnswered(`${key}:fallback`, step)) return askSecond();
  try {
    return await answerOf(key, asking);
  } catch (error) {
    if (!isTheModelsFault(error)) throw error;
    logger.warn(`${name} failed, ${fallback} is asked instead: ${String(error)}`);
    return askSecond().catch((reason: unknown) => {
      signal.throwIfAborted();
      throw mayHelp(error) && !mayHelp(reason) ? error : reason;
    });
  }
}

/** A provider of which there is nothing left is waited for without a worker, and asked under another key. */
async function answerOf(key: string, asking: Asking): Promise<Answer> {
  for (let n = 1; ; n += 1) {
    const outcome = await modelStep(n === 1 ? key : `${key}:${n}`, asking);
    if (!('quotaMs' in outcome)) return outcome;
    await asking.context.step.sleep(`${key}:quota:${n}`, outcome.quotaMs, 'quota');
  }
}

/** Whether an earlier run has the answer. That the question was put off is recorded as well, and the next key then has it. */
async function hasAnswered(key: string, step: Pick<StepRunner, 'statusOf'>): Promise<boolean> {
  for (let n = 1; ; n += 1) {
    if ((await step.statusOf(n === 1 ? key : `${key}:${n}`)) !== 'completed') return false;
    if ((await step.statusOf(`${key}:quota:${n}`)) === null) return true;
  }
}

/** Whether another attempt may. */
function mayHelp(error: unknown): boolean {
  return !(error instanceof LonghaulError) || error.retryable;
}
