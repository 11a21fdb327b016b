import { inputIssues, type Issue, LonghaulError } from '@longhaul/kernel';
import type { AgentDefinition } from './definition/agent-definition';
import type { AgentInput } from './submit-request';

/** Throws `agent_disabled` or `agent_unavailable`, with the mend. */
export function assertRunnable(agent: AgentDefinition): void {
  if (!agent.enabled) {
    const where = agent.file ?? 'its AGENT.md';
    throw new LonghaulError('agent_disabled', `agent "${agent.id}" is disabled: set enabled: true in ${where}`);
  }
  if (agent.unavailableReason !== undefined) {
    throw new LonghaulError('agent_unavailable', `agent "${agent.id}" is unavailable: ${agent.unavailableReason}`);
  }
}

/** Throws `invalid_request` with these issues and those of the input, their places in the request's body. */
export function assertFits(agent: AgentDefinition, input: AgentInput, more: Issue[] = []): void {
  const issues = [...more, ...checkInput(agent, input)];
  if (issues.length > 0) throw new LonghaulError('invalid_request', summary(agent, input), { issues });
}

/**
 * A model reads a chat's message as it is; code gets it as its input, which therefore must fit the agent's schema
 * whichever way it came.
 */
function checkInput(agent: AgentDefinition, input: AgentInput) {
  if (agent.inputSchema === null || (input.operation === 'chat' && agent.runtime === 'llm')) return [];
  return inputIssues(agent.inputSchema, storedInput(input), input.operation === 'invoke' ? 'input' : '');
}

/** As it is stored with the execution, and given to the runtime. */
export function storedInput(input: AgentInput) {
  if (input.operation === 'invoke') return input.input;
  return { message: input.message, ...(input.context === undefined ? {} : { context: input.context }) };
}

function summary({ id, inputSchema, runtime }: AgentDefinition, input: AgentInput): string {
  const sentence = `the request does not fit agent "${id}": see errors`;
  if (input.operation === 'invoke' || inputSchema === null || runtime === 'llm') return sentence;
  return `${sentence}. It takes structured input: POST /v1/agents/${id}/invoke`;
}
