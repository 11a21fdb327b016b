import type { ExecutionContext } from '@longhaul/executions';
import { LonghaulError, newId, PermanentError, RetryableError, toFailure } from '@longhaul/kernel';
import type { FinishReason, FoundModel, ModelCall, Models, TokenUsage } from '@longhaul/models';
import { DeltaWriter } from './delta-writer';

export interface Answer {
  /** The step that it came in. */
  stepId: string;
  text: string;
  reason: FinishReason;
}

/** What of a call is the same whichever model is asked. */
export type Question = Omit<ModelCall, 'model' | 'signal'>;

/** The first model, and the one to ask when that one fails. */
export interface ModelChoice {
  name: string;
  fallback: string | undefined;
}

/**
 * Asks the first model; and the fallback, when the first one failed and not the question. When both fail, the error is
 * the one that leaves hope: a fallback without a key must not fail for good what the first model may answer later.
 */
export async function ask(
  { name, fallback }: ModelChoice,
  question: Question,
  models: Models,
  context: ExecutionContext,
): Promise<Answer> {
  try {
    return await modelStep(name, question, models, context, fallback);
  } catch (error) {
    if (fallback === undefined || !isTheModelsFault(error)) throw error;
    context.logger.warn(`${name} failed, ${fallback} is asked instead: ${String(error)}`);
    return modelStep(fallback, question, models, context).catch((second: unknown) => {
      context.signal.throwIfAborted();
      throw mayHelp(error) && !mayHelp(second) ? error : second;
    });
  }
}

/** Whether another attempt may. */
function mayHelp(error: unknown): boolean {
  return !(error instanceof LonghaulError) || error.retryable;
}

const QUESTIONS_FAULT: unknown[] = [400, 413, 422];

/** Another model would refuse a bad question too. Everything else (down, full, no such model, no right) is its own. */
function isTheModelsFault(error: unknown): boolean {
  if (!(error instanceof LonghaulError) || !error.code.startsWith('provider_')) return false;
  return !QUESTIONS_FAULT.includes(error.details?.['status']);
}

/**
 * One call to one model as one step of the run: `step.started`, the text while it comes, `step.completed` with what it
 * took. A call that fails is `step.failed`, and `output.reset` when some of its text was out already.
 */
async function modelStep(
  name: string,
  question: Question,
  models: Models,
  context: ExecutionContext,
  fallback?: string,
): Promise<Answer> {
  const { events, signal } = context;
  const found = models.find(name);
  if (!found) throw new PermanentError(`model "${name}" has no provider here`, { code: 'agent_unavailable' });
  const stepId = newId('step');
  const step = { step_id: stepId, kind: 'model', model: name };
  const deltas = new DeltaWriter(events, stepId);
  let spent: Spent | undefined;
  // Not awaited yet: the model is asked while this is being stored.
  const started = events.append('step.started', step);
  try {
    const { text, reason, usage } = await collect(found, { ...question, model: found.model, signal }, deltas, context);
    spent = usage === null ? undefined : spentOn(usage, models.costOf(name, usage));
    checkAnswer(name, text, reason);
    const rest = deltas.end();
    const completed = events.append(
      'step.completed',
      { ...step, finish_reason: reason, ...spent?.shown },
      spent?.usage,
    );
    // Counted: should this not be stored, the failure must not count it again.
    spent = undefined;
    await Promise.all([started, rest, completed]);
    return { stepId, text, reason };
  } catch (error) {
    signal.throwIfAborted();
    deltas.drop();
    const next = fallback !== undefined && isTheModelsFault(error) ? fallback : null;
    const fact = { ...step, next_model: next, error: { ...toFailure(error) }, ...spent?.shown };
    const failed = events.append('step.failed', fact, spent?.usage);
    const reset = deltas.begun ? events.append('output.reset', { step_id: stepId }) : undefined;
    await Promise.all([started, failed, reset]);
    throw error;
  }
}

/** What a call took, as it is added up and as its event shows it: an unknown price is left out. */
type Spent = ReturnType<typeof spentOn>;

function spentOn({ inputTokens, outputTokens }: TokenUsage, cost: number | null) {
  const tokens = { input_tokens: inputTokens, output_tokens: outputTokens };
  const shown = { usage: { ...tokens, ...(cost === null ? {} : { cost_usd: cost }) } };
  return { usage: { ...tokens, cost_usd: cost }, shown };
}

async function collect(
  { provider }: FoundModel,
  call: ModelCall,
  deltas: DeltaWriter,
  context: ExecutionContext,
): Promise<Omit<Answer, 'stepId'> & { usage: TokenUsage | null }> {
  let text = '';
  for await (const part of provider.stream(call)) {
    if (part.type === 'finish') return { text, reason: part.reason, usage: part.usage };
    if (part.type === 'progress') context.progress(part.percent, 'answering');
    else {
      text += part.text;
      deltas.push(part.text);
    }
  }
  throw new RetryableError('the answer broke off', { code: 'provider_error' });
}

/** An answer that is none. What was cut off by `max_tokens` is one: its caller asked for no more. */
function checkAnswer(name: string, text: string, reason: FinishReason): void {
  const details = { model: name, finish_reason: reason };
  if (reason === 'content_filter') {
    throw new PermanentError(`${name} withheld its answer (content filter)`, { code: 'provider_error', details });
  }
  if (reason === 'tool_calls') {
    throw new PermanentError(`${name} called a tool, and was offered none`, { code: 'provider_error', details });
  }
  if (text.trim() !== '') return;
  const mend = reason === 'length' ? '; raise model.max_tokens' : '';
  const message = `${name} answered nothing (finish reason ${reason})${mend}`;
  if (reason === 'length') throw new PermanentError(message, { code: 'provider_error', details });
  throw new RetryableError(message, { code: 'provider_error', details });
}
