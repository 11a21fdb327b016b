import { Scope } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import type { Issue } from '@longhaul/kernel';
import { AgentMetadata, type AgentHandler, type AgentOptions } from './agent-handler';

export interface CodeAgent {
  options: AgentOptions;
  /** The provider's class, for messages. */
  className: string;
  /** The instance, once the application is up; undefined when it has no method `run` (written without types). */
  handler: () => AgentHandler | undefined;
}

export interface CodeAgents {
  agents: CodeAgent[];
  /** Ids whose provider cannot run. */
  broken: ReadonlySet<string>;
  problems: Issue[];
}

/** Every provider of the application that wears `@Agent`, whichever module it is in. */
export function findCodeAgents(discovery: DiscoveryService): CodeAgents {
  const agents = new Map<string, CodeAgent>();
  const broken = new Set<string>();
  const problems: Issue[] = [];
  for (const wrapper of discovery.getProviders({ metadataKey: AgentMetadata.KEY })) {
    const options = discovery.getMetadataByDecorator(AgentMetadata, wrapper);
    if (!options) continue;
    const className = wrapper.metatype?.name ?? wrapper.name;
    const report = (message: string, hint: string) => {
      broken.add(options.id);
      problems.push({ path: `@Agent ${options.id} (${className})`, message, hint });
    };
    const twin = agents.get(options.id);
    if (twin) report(`${twin.className} has the same id`, 'give each code agent an id of its own');
    if ((wrapper.scope ?? Scope.DEFAULT) !== Scope.DEFAULT) report('is not a singleton', 'remove its scope');
    const handler = () => (isHandler(wrapper.instance) ? wrapper.instance : undefined);
    agents.set(options.id, { options, className, handler });
  }
  return { agents: [...agents.values()].filter(({ options }) => !broken.has(options.id)), broken, problems };
}

function isHandler(instance: unknown): instance is AgentHandler {
  return typeof instance === 'object' && instance !== null && 'run' in instance && typeof instance.run === 'function';
}
