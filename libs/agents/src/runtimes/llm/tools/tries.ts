import { askedDelayMs, backoffMs } from '@longhaul/executions';
import { LonghaulError, NoEffectError, RetryableError } from '@longhaul/kernel';
import { QuotaSpent, type ToolDefinition } from '@longhaul/tools';

type Rules = Pick<ToolDefinition, 'effects' | 'retries'>;

/**
 * When a call that threw is to be made again; undefined: not by itself. `made`: the tries so far. After as long as the
 * tool asked for, a day at most, else as its back-off says.
 */
export function whenAgain(
  error: unknown,
  tool: Rules,
  made: number,
): { ms: number; why: 'quota' | 'retry' } | undefined {
  if (error instanceof QuotaSpent) return { ms: error.waitMs, why: 'quota' };
  if (tool.retries === undefined || made > tool.retries.max || !mayBeTriedAgain(error, tool)) return undefined;
  return { ms: askedDelayMs(error.retryAfterMs) ?? backoffMs(tool.retries.backoff, made), why: 'retry' };
}

/** What a model is told: what no try would mend, what has done nothing, and what the last try came to. */
export function isForTheModel(error: unknown, tool: Rules): error is LonghaulError {
  if (!(error instanceof LonghaulError)) return false;
  if (error instanceof NoEffectError || !error.retryable) return true;
  return tool.retries !== undefined && mayBeTriedAgain(error, tool);
}

/** What may happen once is called again only where surely nothing has happened. */
function mayBeTriedAgain(error: unknown, { effects }: Rules): error is RetryableError {
  return effects === 'at_most_once' ? error instanceof NoEffectError : error instanceof RetryableError;
}
