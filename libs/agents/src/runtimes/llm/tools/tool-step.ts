import type { ExecutionContext, StepContext } from '@longhaul/executions';
import { type JsonObject, type JsonValue, LonghaulError, NoEffectError } from '@longhaul/kernel';
import type { ToolRequest } from '@longhaul/models';
import { inSpan } from '@longhaul/telemetry';
import { quotaWaitMs, type Tool, type ToolCall, type ToolCalls } from '@longhaul/tools';
import { callInTime, ToolTimeout } from './call-in-time';
import { answerText, tookTooLong, wrapped } from './tool-texts';

/** What a model is told of one call; recorded, so that who goes on after a crash tells it the same. */
export interface ToolAnswer {
  text: string;
  isError?: boolean;
}

/** What is to be done about a request: call the tool, or tell the model what it is told without a call. */
export type ToolPlan = { tool: Tool; args: JsonObject } | { told: ToolAnswer };

/** One wish of a model's as one step: `tool.called`, what comes of it, `tool.completed`. */
export function toolStep(
  key: string,
  request: ToolRequest,
  plan: ToolPlan,
  context: ExecutionContext,
  calls: Pick<ToolCalls, 'make'>,
): Promise<ToolAnswer> {
  const name = request.name.slice(0, 100);
  const effects = 'tool' in plan ? plan.tool.definition.effects : 'repeatable';
  const carryOut = async (step: StepContext): Promise<ToolAnswer> => {
    const about = { step_id: step.stepId, tool: name };
    void context.events.append('tool.called', { ...about, arguments: request.arguments });
    const { cut = false, ...answer }: Called = 'tool' in plan ? await callTool(plan, step, context, calls) : plan.told;
    // Not awaited: it shares the commit of the step's end.
    void context.events.append('tool.completed', {
      ...about,
      is_error: answer.isError ?? false,
      result_chars: answer.text.length,
      ...(cut ? { cut } : {}),
    });
    return answer;
  };
  return context.step.run(key, carryOut, { effects, facts: { kind: 'tool', tool: name } });
}

type Called = ToolAnswer & { cut?: boolean };

/**
 * What it throws for good is an answer: the model may know a way around. What may go away ends the attempt, and so does
 * a time limit after which nobody knows what has happened.
 */
async function callTool(
  { tool, args }: Extract<ToolPlan, { tool: Tool }>,
  step: StepContext,
  context: ExecutionContext,
  calls: Pick<ToolCalls, 'make'>,
): Promise<Called> {
  const { name, timeoutMs, maxResultChars, effects } = tool.definition;
  const answer = (value: JsonValue): Called => {
    const { text, cut } = answerText(value, maxResultChars);
    return { text: wrapped(name, text), ...(cut ? { cut } : {}) };
  };
  const called = (call: ToolCall) => calls.make(tool, args, call);
  try {
    return answer(
      await callInTime(timeoutMs, step.signal, (signal) => inToolSpan(tool, called, step, context, signal)),
    );
  } catch (error) {
    step.signal.throwIfAborted();
    if (error instanceof ToolTimeout && effects !== 'at_most_once') {
      return { text: tookTooLong(name, timeoutMs), isError: true };
    }
    if (!isForTheModel(error)) throw error;
    return { ...answer(error.message), isError: true };
  }
}

function isForTheModel(error: unknown): error is LonghaulError {
  if (quotaWaitMs(error) !== undefined) return false;
  return error instanceof LonghaulError && (error instanceof NoEffectError || !error.retryable);
}

/** In the names of OpenTelemetry's GenAI conventions. */
function inToolSpan(
  tool: Tool,
  called: (call: ToolCall) => Promise<JsonValue>,
  { stepId, idempotencyKey }: StepContext,
  { executionId, runId, owner, target: agent, conversationId, correlationId, logger }: ExecutionContext,
  signal: AbortSignal,
): Promise<JsonValue> {
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool.definition.name };
  const who = { executionId, runId, owner, agent, conversationId, correlationId };
  return inSpan(`execute_tool ${tool.definition.name}`, { attributes }, () =>
    called({ ...who, stepId, idempotencyKey, signal, logger }),
  );
}
