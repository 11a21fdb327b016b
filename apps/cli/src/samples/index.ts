import type { Type } from '@nestjs/common';
import { loadAgentFiles, type AgentHandler } from '@longhaul/agents';
import { TriageAgent } from './triage.agent';

/** The code agents of the sample workspace, by their ids. */
export const SAMPLE_AGENTS: Readonly<Record<string, Type<AgentHandler>>> = { triage: TriageAgent };

/**
 * The sample code agents that this workspace asks for, with an AGENT.md of the same id and `runtime: code`. Somebody
 * else's workspace gets none.
 */
export function sampleAgentsFor(workspace: string): Type<AgentHandler>[] {
  return loadAgentFiles(workspace)
    .agents.filter((agent) => agent.frontMatter.runtime === 'code')
    .flatMap(({ id }) => (Object.hasOwn(SAMPLE_AGENTS, id) ? SAMPLE_AGENTS[id]! : []));
}
