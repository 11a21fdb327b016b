import type { ExecutionContext, StepContext } from '@longhaul/executions';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import type { ToolRequest } from '@longhaul/models';
import { inSpan } from '@longhaul/telemetry';
import { QuotaSpent, type Tool, type ToolCall, type ToolCalls } from '@longhaul/tools';
import { Patience } from '../patience';
import { callInTime, ToolTimeout } from './call-in-time';
import { answerText, lastOf, tookTooLong, wrapped } from './tool-texts';
import { isForTheModel, whenAgain } from './tries';

/** What a model is told of one call; recorded, so that who goes on after a crash tells it the same. */
export interface ToolAnswer {
  text: string;
  isError?: boolean;
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

/** What is to be done about a request: call the tool, or tell the model what it is told without a call. */
export type ToolPlan = { tool: Tool; args: JsonObject } | { told: ToolAnswer };

/** One wish of a model's as one step: `tool.called`, what comes of it, `tool.completed`. `before`: by earlier steps. */
export function toolStep(
  key: string,
  request: ToolRequest,
  plan: ToolPlan,
  context: ExecutionContext,
  calls: Pick<ToolCalls, 'make'>,
  before?: Tries,
): Promise<ToolAnswer | PutOff> {
  const name = request.name.slice(0, 100);
  const effects = 'tool' in plan ? plan.tool.definition.effects : 'repeatable';
  const carryOut = async (step: StepContext): Promise<ToolAnswer | PutOff> => {
    const about = { step_id: step.stepId, tool: name };
    void context.events.append('tool.called', { ...about, arguments: request.arguments });
    const outcome: Called = 'tool' in plan ? await callTool(plan, step, context, calls, before) : plan.told;
    // Not awaited: it shares the commit of the step's end.
    void context.events.append('tool.completed', { ...about, ...factsOf(outcome) });
    if ('againInMs' in outcome) return outcome;
    const { cut: _, ...answer } = outcome;
    return answer;
  };
  return context.step.run(key, carryOut, { effects, facts: { kind: 'tool', tool: name } });
}

type Called = (ToolAnswer & { cut?: boolean }) | PutOff;

function factsOf(outcome: Called): JsonObject {
  if ('againInMs' in outcome) return { is_error: true, again_in_ms: outcome.againInMs, why: outcome.why };
  const { text, isError = false, cut } = outcome;
  return { is_error: isError, result_chars: text.length, ...(cut ? { cut } : {}) };
}

/**
 * What it throws for good is an answer: the model may know a way around. What may go away is tried again as the tool's
 * `retries` say, and told to the model after the last of them; without them it ends the attempt, and so does a time limit
 * after which nobody knows what has happened.
 */
async function callTool(
  { tool, args }: Extract<ToolPlan, { tool: Tool }>,
  step: StepContext,
  context: ExecutionContext,
  calls: Pick<ToolCalls, 'make'>,
  before: Tries | undefined,
): Promise<Called> {
  const { definition } = tool;
  const { name, timeoutMs, maxResultChars, effects } = definition;
  const idempotencyKey = before?.idempotencyKey ?? step.idempotencyKey;
  // Cut while it waits with a worker, nobody would know whether it was made.
  const patience = new Patience(effects === 'at_most_once' ? 0 : undefined);
  const answer = (value: JsonValue): Called => {
    const { text, cut } = answerText(value, maxResultChars);
    return { text: wrapped(name, text), ...(cut ? { cut } : {}) };
  };
  const called = (call: ToolCall) => calls.make(tool, args, call);
  for (let made = before?.made ?? 0; ;) {
    try {
      return answer(
        await callInTime(timeoutMs, step.signal, (signal) =>
          inToolSpan(tool, called, { stepId: step.stepId, idempotencyKey }, context, signal),
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
        return { text: tookTooLong(name, timeoutMs), isError: true };
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
  { executionId, runId, owner, target: agent, conversationId, correlationId, logger }: ExecutionContext,
  signal: AbortSignal,
): Promise<JsonValue> {
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool.definition.name };
  const who = { executionId, runId, owner, agent, conversationId, correlationId };
  return inSpan(`execute_tool ${tool.definition.name}`, { attributes }, () =>
    called({ ...who, stepId, idempotencyKey, signal, logger }),
  );
}
