import type { ExecutionContext, StepContext } from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { inSpan } from '@longhaul/telemetry';
import { QuotaSpent, type Tool, type ToolCall, type ToolCalls } from '@longhaul/tools';
import { Patience } from '../patience';
import { callInTime, ToolTimeout } from './call-in-time';
import { answerText, lastOf, tookTooLong } from './tool-texts';
import { isForTheModel, whenAgain } from './tries';

/** What came of a call, cut to what a model is given of it. */
export interface Called {
  text: string;
  isError?: true;
  cut?: true;
  /** In our words, and so not to be wrapped. */
  ours?: true;
}

/** On whose behalf a tool is called. */
export interface Caller extends Pick<
  ExecutionContext,
  'executionId' | 'runId' | 'owner' | 'conversationId' | 'correlationId' | 'logger'
> {
  agent: string;
}

/**
 * A call that is to be made again in so many milliseconds. It is recorded as what the step came to, and not as an error: a
 * later attempt must come by the same way to the answer that is recorded behind it.
 */
export interface PutOff {
  againInMs: number;
  /** There is a limit to how often it may be called, or it asked for another try. */
  why: 'quota' | 'retry';
  tries: Tries;
}

/** Those that were made of one call, all under the same key. */
export interface Tries {
  made: number;
  idempotencyKey: string;
}

/** A call that is put off is waited for without a worker, and made again as another step. */
export async function untilCalled<T extends object>(
  key: string,
  context: Pick<ExecutionContext, 'step'>,
  call: (key: string, before?: Tries) => Promise<T | PutOff>,
): Promise<T> {
  let tries: Tries | undefined;
  for (let n = 1; ; n += 1) {
    const outcome = await call(n === 1 ? key : `${key}:${n}`, tries);
    if (!('againInMs' in outcome)) return outcome;
    tries = outcome.tries;
    await context.step.sleep(`${key}:${outcome.why}:${n}`, outcome.againInMs, outcome.why);
  }
}

/**
 * What it throws for good is an answer: the model may know a way around. What may go away is tried again as the tool's
 * `retries` say, and told to the model after the last of them; without them it ends the attempt, and so does a time limit
 * after which nobody knows what has happened.
 */
export async function callTool(
  tool: Tool,
  args: JsonObject,
  step: StepContext,
  caller: Caller,
  calls: Pick<ToolCalls, 'make'>,
  before?: Tries,
): Promise<Called | PutOff> {
  const { definition } = tool;
  const { name, timeoutMs, maxResultChars, effects } = definition;
  const idempotencyKey = before?.idempotencyKey ?? step.idempotencyKey;
  // Cut while it waits with a worker, nobody would know whether it was made.
  const patience = new Patience(effects === 'at_most_once' ? 0 : undefined);
  const answer = (value: JsonValue): Called => {
    const { text, cut } = answerText(value, maxResultChars);
    return { text, ...(cut ? { cut } : {}) };
  };
  const called = (call: ToolCall) => calls.make(tool, args, call);
  for (let made = before?.made ?? 0; ;) {
    try {
      return answer(
        await callInTime(timeoutMs, step.signal, (signal) =>
          inToolSpan(tool, called, { stepId: step.stepId, idempotencyKey }, caller, signal),
        ),
      );
    } catch (error) {
      step.signal.throwIfAborted();
      if (!(error instanceof QuotaSpent)) made += 1;
      const again = whenAgain(error, definition, made);
      if (again) {
        if (await patience.covers(again.ms, step.signal)) continue;
        return { againInMs: again.ms, why: again.why, tries: { made, idempotencyKey } };
      }
      if (error instanceof ToolTimeout && effects !== 'at_most_once') {
        return { text: tookTooLong(name, timeoutMs), isError: true, ours: true };
      }
      if (!isForTheModel(error, definition)) throw error;
      return { ...answer(made > 1 ? lastOf(made, error.message) : error.message), isError: true };
    }
  }
}

/** In the names of OpenTelemetry's GenAI conventions. */
function inToolSpan(
  tool: Tool,
  called: (call: ToolCall) => Promise<JsonValue>,
  { stepId, idempotencyKey }: Pick<StepContext, 'stepId' | 'idempotencyKey'>,
  { executionId, runId, owner, agent, conversationId, correlationId, logger }: Caller,
  signal: AbortSignal,
): Promise<JsonValue> {
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool.definition.name };
  const who = { executionId, runId, owner, agent, conversationId, correlationId };
  return inSpan(`execute_tool ${tool.definition.name}`, { attributes }, () =>
    called({ ...who, stepId, idempotencyKey, signal, logger }),
  );
}
