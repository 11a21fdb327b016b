import type { ExecutionContext } from '@longhaul/executions';
import { type JsonObject, PermanentError } from '@longhaul/kernel';
import { fittingName, type Tool, type ToolTag } from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';
import { type ApprovalTerms, expiryOf } from '../../../definition/approval-terms';
import { jobTools } from './job-tools';
import type { OwnTool } from './own-tool';
import { tagsOf, type ToolSources, toolsOf } from './tool-sources';
import { answerText, changedArguments, decided, wrapped } from './tool-texts';

/** Listed in `tools:` like any other, and carried out by the loop itself: what waits must not hold a step. */
export const OWN_TOOL_NAMES: readonly string[] = ['request_approval'];

const PLAN: JsonObject = {
  type: 'object',
  properties: {
    plan: { type: 'string', minLength: 1, maxLength: 10_000, description: 'What you mean to do, and why' },
    details: { type: 'object', description: 'Exactly what it will be done with' },
  },
  required: ['plan'],
  additionalProperties: false,
};
const MESSAGE: JsonObject = {
  type: 'object',
  properties: { message: { type: 'string', minLength: 1, description: 'The whole task: it knows nothing else' } },
  required: ['message'],
  additionalProperties: false,
};
const MAX_ANSWER_CHARS = 20_000;

/** The tool by which a model asks that agent. */
export function delegateTool(id: string): string {
  return fittingName(`ask_${id}`, id);
}

/** Those that this agent has: a person's word where it lists that, the agents in `delegates_to`, and its jobs. */
export function ownTools(
  agent: Pick<AgentDefinition, 'tools' | 'mcpServers' | 'delegatesTo' | 'approvalTerms'>,
  from: ToolSources,
  context: ExecutionContext,
): OwnTool[] {
  const delegates = agent.delegatesTo.flatMap((id) => from.agents.find(id) ?? []);
  return [
    ...(agent.tools.includes('request_approval') ? [requestApproval(agent.approvalTerms, context)] : []),
    ...delegates.map((delegate) => delegation(delegate, tagsOf(delegate, from), context)),
    ...jobTools(toolsOf(agent, from).filter(mayBeAJob), from, context),
  ];
}

function mayBeAJob({ definition: { background, unavailableReason } }: Tool): boolean {
  return background === true && unavailableReason === undefined;
}

function requestApproval(terms: ApprovalTerms, context: ExecutionContext): OwnTool {
  return {
    name: 'request_approval',
    description: 'Ask a person whether you may do what you plan, and wait for the answer.',
    parameters: PLAN,
    tags: [],
    requiresApproval: false,
    isHarmless: true,
    ask: async (key, { plan, details }) => {
      const decision = await context.step.waitForApproval(`${key}:approval`, {
        subject: 'request_approval',
        message: plan as string,
        arguments: (details ?? {}) as JsonObject,
        ...expiryOf(terms),
      });
      if (!decision.approved) return { text: decided(decision), isError: true };
      return { text: changedArguments((details ?? {}) as JsonObject, decision.arguments) + decided(decision) };
    },
  };
}

/** Whoever has another agent work has what that one can do, too. */
function delegation(
  { id, displayName, description, inputSchema, enabled, unavailableReason }: AgentDefinition,
  tags: readonly ToolTag[],
  context: ExecutionContext,
): OwnTool {
  const name = delegateTool(id);
  const does = description === '' ? '' : ` ${description}`;
  const state = enabled && unavailableReason === undefined ? '' : ' It is not available now.';
  return {
    name,
    description: `Have the agent "${displayName}" work on something, and wait for what it answers.${does}${state}`,
    parameters: inputSchema ?? MESSAGE,
    tags,
    requiresApproval: false,
    ask: async (key, input) => {
      try {
        const output = await context.step.invoke(`${key}:agent`, { agent: id, input });
        return { text: wrapped(name, answerText(output, MAX_ANSWER_CHARS).text) };
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof PermanentError)) throw error;
        return { text: wrapped(name, error.message), isError: true };
      }
    },
  };
}
