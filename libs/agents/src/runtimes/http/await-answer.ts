import type { ExecutionContext } from '@longhaul/executions';
import { RetryableError } from '@longhaul/kernel';
import { isFinal } from './answer-statements';
import type { FinalAnswer } from './remote-answer';
import type { RemoteAnswers } from './remote-answers';

/**
 * Waits for the final answer by callback, and passes progress on. Throws the signal's reason when the run must stop, or
 * a retryable `remote_error` after `idleTimeoutMs` without a word.
 */
export function awaitAnswer(
  answers: RemoteAnswers,
  context: ExecutionContext,
  idleTimeoutMs: number | null,
): Promise<FinalAnswer> {
  const { executionId, attempt, signal } = context;
  return new Promise<FinalAnswer>((resolve, reject) => {
    let seen: number | undefined;
    let idle: NodeJS.Timeout | undefined;
    const end = (settle: () => void) => {
      clearTimeout(idle);
      signal.removeEventListener('abort', onAbort);
      unlisten();
      settle();
    };
    const onAbort = () => end(() => reject(signal.reason as Error));
    const heard = () => {
      clearTimeout(idle);
      if (idleTimeoutMs === null) return;
      idle = setTimeout(() => end(() => reject(silence(idleTimeoutMs))), idleTimeoutMs);
    };
    const unlisten = answers.listen({ executionId, attempt }, ({ answer, at }) => {
      // A poll brings the same progress again.
      if (at === seen && !isFinal(answer)) return;
      seen = at;
      heard();
      context.heartbeat();
      if (isFinal(answer)) end(() => resolve(answer));
      else if (answer.progress)
        context.progress(answer.progress.percent, answer.progress.message, answer.progress.step);
    });
    heard();
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}

function silence(idleTimeoutMs: number): RetryableError {
  const message = `the remote agent answered 202 and then nothing for ${idleTimeoutMs / 1_000} s (http.idle_timeout_s)`;
  return new RetryableError(message, { code: 'remote_error' });
}
