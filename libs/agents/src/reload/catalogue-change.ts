import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isThere } from '@longhaul/tools';
import type { AgentDefinition } from '../definition/agent-definition';
import type { MergedAgents } from '../merge-agents';

/** What a reload changed, by id. */
export interface CatalogueChange {
  added: string[];
  changed: string[];
  removed: string[];
  /** Those that do not load any more and go on as they were. */
  kept: string[];
}

/**
 * The new catalogue, completed by what the old one had of agents whose AGENT.md is there and does not load. What did
 * not change stays the same object: schemas that were compiled for it stay so.
 */
export function withLastGood(
  workspace: string,
  before: MergedAgents,
  now: MergedAgents,
): { catalogue: MergedAgents; kept: string[] } {
  const loaded = new Set(now.definitions.map(({ id }) => id));
  const old = new Map(before.definitions.map((agent) => [agent.id, agent]));
  const kept = before.definitions.filter(
    ({ id }) => !loaded.has(id) && isThere(join(workspace, 'agents', id, 'AGENT.md')),
  );
  const same = (agent: AgentDefinition) => {
    const was = old.get(agent.id);
    return isDeepStrictEqual(was, agent) ? (was ?? agent) : agent;
  };
  const definitions = [...now.definitions.map(same), ...kept].sort(byId);
  return { catalogue: { ...now, definitions }, kept: kept.map(({ id }) => id) };
}

export function changeOf(before: MergedAgents, now: MergedAgents, kept: string[]): CatalogueChange {
  const old = new Map(before.definitions.map((agent) => [agent.id, agent]));
  const change: CatalogueChange = { added: [], changed: [], removed: [], kept };
  for (const agent of now.definitions) {
    const was = old.get(agent.id);
    old.delete(agent.id);
    if (!was) change.added.push(agent.id);
    else if (was !== agent) change.changed.push(agent.id);
  }
  return { ...change, removed: [...old.keys()] };
}

function byId(a: AgentDefinition, b: AgentDefinition): number {
  return a.id < b.id ? -1 : 1;
}
