import type { ExecutionContext, StepContext, StepEffects } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import type { ToolRequest } from '@longhaul/models';
import type { Tool, ToolCalls, ToolTag } from '@longhaul/tools';
import { callTool, type PutOff, type Tries } from './call-tool';
import { wrapped } from './tool-texts';

/** What a model is told of one call; recorded, so that who goes on after a crash tells it the same. */
export interface ToolAnswer {
  text: string;
  isError?: boolean;
  /** Of the tool that answered. */
  tags?: readonly ToolTag[];
}

/** What is to be done about a request: call the tool, do something of our own, or tell the model what it is told. */
export type ToolPlan =
  ToolRun | { act: (step: StepContext) => Promise<ToolAnswer>; effects: StepEffects } | { told: ToolAnswer };

export interface ToolRun {
  tool: Tool;
  args: JsonObject;
  /** What the model is told before the answer, in our words. */
  remark: string;
}

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
  const effects = effectsOf(plan);
  const carryOut = async (step: StepContext): Promise<ToolAnswer | PutOff> => {
    const about = { step_id: step.stepId, tool: name };
    const args = 'tool' in plan ? plan.args : request.arguments;
    void context.events.append('tool.called', { ...about, arguments: args });
    const outcome = await comeOf(plan, step, context, calls, before);
    // Not awaited: it shares the commit of the step's end.
    void context.events.append('tool.completed', { ...about, ...factsOf(outcome) });
    if ('againInMs' in outcome) return outcome;
    const { cut: _, ...answer } = outcome;
    return answer;
  };
  return context.step.run(key, carryOut, { effects, facts: { kind: 'tool', tool: name } });
}

/** Whether the model was told, by an earlier run. That a call was put off is recorded under its key too, and is no answer. */
export async function wasTold(key: string, { step }: Pick<ExecutionContext, 'step'>): Promise<boolean> {
  const [told, ...putOff] = await Promise.all(
    [key, `${key}:quota:1`, `${key}:retry:1`].map((one) => step.statusOf(one)),
  );
  return told === 'completed' && putOff.every((status) => status === null);
}

type Outcome = (ToolAnswer & { cut?: boolean }) | PutOff;

function factsOf(outcome: Outcome): JsonObject {
  if ('againInMs' in outcome) return { is_error: true, again_in_ms: outcome.againInMs, why: outcome.why };
  const { text, isError = false, cut } = outcome;
  return { is_error: isError, result_chars: text.length, ...(cut ? { cut } : {}) };
}

function effectsOf(plan: ToolPlan): StepEffects {
  if ('tool' in plan) return plan.tool.definition.effects;
  return 'act' in plan ? plan.effects : 'repeatable';
}

async function comeOf(
  plan: ToolPlan,
  step: StepContext,
  context: ExecutionContext,
  calls: Pick<ToolCalls, 'make'>,
  before: Tries | undefined,
): Promise<Outcome> {
  if ('told' in plan) return plan.told;
  if ('act' in plan) return plan.act(step);
  const { tool, args, remark } = plan;
  const outcome = await callTool(tool, args, step, { ...context, agent: context.target }, calls, before);
  if ('againInMs' in outcome) return outcome;
  const { text, ours = false, ...called } = outcome;
  const { name, tags } = tool.definition;
  return { text: remark + (ours ? text : wrapped(name, text)), tags, ...called };
}
