import type { ExecutionContext, StepContext } from '@longhaul/executions';
import { LonghaulError, PermanentError, RetryableError } from '@longhaul/kernel';
import type { FinishReason, FoundModel, ModelCall, TokenUsage, ToolRequest } from '@longhaul/models';
import { DeltaWriter } from './delta-writer';
import type { ModelCalls } from './model-calls';
import { inModelSpan } from './model-span';

export interface Answer {
  /** The step that it came in. */
  stepId: string;
  text: string;
  reason: FinishReason;
  /** The tools that the model wants called; absent = none. */
  toolCalls?: ToolRequest[];
  /** Of input and output together, as far as the provider told. */
  tokens?: number;
}

/** What of a call is the same whichever model is asked. */
export type Question = Omit<ModelCall, 'model' | 'signal'>;

/** The first model, and the one to ask when that one fails. */
interface ModelChoice {
  name: string;
  fallback: string | undefined;
}

/** A question, who is asked, and on whose behalf. */
export interface Asking {
  choice: ModelChoice;
  question: Question;
  calls: ModelCalls;
  context: ExecutionContext;
}

/**
 * Nobody was asked yet: there is room in so many milliseconds. It is recorded as what the step came to, and not as an
 * error, so that a later attempt comes by the same way to the answer that is recorded behind it.
 */
interface PutOff {
  quotaMs: number;
}

const QUESTIONS_FAULT: unknown[] = [400, 413, 422];

/** Another model would refuse a bad question too. Everything else (down, full, no such model, no right) is its own. */
export function isTheModelsFault(error: unknown): boolean {
  if (!(error instanceof LonghaulError) || !error.code.startsWith('provider_')) return false;
  return !QUESTIONS_FAULT.includes(error.details?.['status']);
}

/** One call to one model as one step: `step.started`, the text while it comes, `step.completed` with what it took. */
export async function modelStep(key: string, asking: Asking): Promise<Answer | PutOff> {
  const { question, calls, context } = asking;
  const { name, fallback } = asking.choice;
  const { models } = calls;
  const found = models.find(name);
  if (!found) throw new PermanentError(`model "${name}" has no provider here`, { code: 'agent_unavailable' });
  let stored: Promise<void> | undefined;
  const call = async (step: StepContext): Promise<Answer | PutOff> => {
    // The run before was cut in the middle of it: what it has said does not count.
    if (step.resumed) void reset(context, step);
    const quotaMs = await calls.place(found, step.signal);
    if (quotaMs > 0) {
      step.tell({ quota_ms: quotaMs });
      return { quotaMs };
    }
    const deltas = new DeltaWriter(context.events, step.stepId);
    try {
      const modelCall = { ...question, model: found.model, signal: step.signal };
      const { usage, ...said } = await inModelSpan(found, modelCall, models.traceContent, () =>
        collect(found, modelCall, deltas, context),
      );
      if (usage !== null) {
        tellUsage(step, usage, models.bill(name, usage));
        await calls.charge(found, usage);
      }
      checkAnswer(name, said, question.tools !== undefined);
      step.tell({ finish_reason: said.reason });
      // Not awaited here: the end of the text shares the commit of the answer.
      stored = deltas.end();
      stored.catch(() => undefined);
      const tokens = usage === null ? {} : { tokens: usage.inputTokens + usage.outputTokens };
      return { stepId: step.stepId, ...said, ...tokens };
    } catch (error) {
      step.signal.throwIfAborted();
      deltas.drop();
      step.tell({ next_model: fallback !== undefined && isTheModelsFault(error) ? fallback : null });
      if (deltas.begun) void reset(context, step);
      throw error;
    }
  };
  const answer = await context.step.run(key, call, { facts: { kind: 'model', model: name } });
  await stored;
  return answer;
}

/** Text of the step that is out already is to be dropped. */
function reset({ events }: ExecutionContext, { stepId }: StepContext): Promise<void> {
  return events.append('output.reset', { step_id: stepId });
}

/** What a call took, as it is added up and as its event shows it: an unknown price is left out. */
function tellUsage(step: StepContext, { inputTokens, outputTokens }: TokenUsage, cost: number | null): void {
  const tokens = { input_tokens: inputTokens, output_tokens: outputTokens };
  const shown = { ...tokens, ...(cost === null ? {} : { cost_usd: cost }) };
  step.tell({ usage: shown }, { ...tokens, cost_usd: cost });
}

type Said = Omit<Answer, 'stepId' | 'tokens'>;

async function collect(
  { provider }: FoundModel,
  call: ModelCall,
  deltas: DeltaWriter,
  context: ExecutionContext,
): Promise<Said & { usage: TokenUsage | null }> {
  let text = '';
  const toolCalls: ToolRequest[] = [];
  for await (const part of provider.stream(call)) {
    switch (part.type) {
      case 'text':
        text += part.text;
        deltas.push(part.text);
        break;
      case 'tool_call': {
        const { type: _, ...request } = part;
        toolCalls.push(request);
        break;
      }
      case 'progress':
        // With tools there is no telling which of many turns this is the end of.
        if (call.tools === undefined) context.progress(part.percent, 'answering');
        break;
      case 'finish':
        return { text, reason: part.reason, ...(toolCalls.length === 0 ? {} : { toolCalls }), usage: part.usage };
    }
  }
  throw new RetryableError('the answer broke off', { code: 'provider_error' });
}

/** An answer that is none. What was cut off by `max_tokens` is one: its caller asked for no more. */
function checkAnswer(name: string, { text, reason, toolCalls = [] }: Said, hasTools: boolean): void {
  const details = { model: name, finish_reason: reason };
  if (reason === 'content_filter') {
    throw new PermanentError(`${name} withheld its answer (content filter)`, { code: 'provider_error', details });
  }
  if (!hasTools && (reason === 'tool_calls' || toolCalls.length > 0)) {
    throw new PermanentError(`${name} called a tool, and was offered none`, { code: 'provider_error', details });
  }
  if (text.trim() !== '' || toolCalls.length > 0) return;
  const mend = reason === 'length' ? '; raise model.max_tokens' : '';
  const message = `${name} answered nothing (finish reason ${reason})${mend}`;
  if (reason === 'length') throw new PermanentError(message, { code: 'provider_error', details });
  throw new RetryableError(message, { code: 'provider_error', details });
}
