import type { DiscoveryService } from '@nestjs/core';
import type { Issue } from '@longhaul/kernel';
import { AgentMetadata, type AgentHandler, type AgentOptions } from './agent-handler';

export interface CodeAgent {
  options: AgentOptions;
  /** The provider's class, for messages. */
  className: string;
  /** The instance; to be called once the application is up. */
  handler: () => AgentHandler;
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
    const metatype = wrapper.metatype;
    if (!options || !metatype) continue;
    const report = (message: string, hint: string) => {
      broken.add(options.id);
      problems.push({ path: `@Agent ${options.id} (${metatype.name})`, message, hint });
    };
    const twin = agents.get(options.id);
    if (twin) report(`${twin.className} has the same id`, 'give each code agent an id of its own');
    if (typeof (metatype.prototype as Partial<AgentHandler> | undefined)?.run !== 'function') {
      report('has no method run(context)', 'implement AgentHandler');
    }
    if (!wrapper.isDependencyTreeStatic()) report('is request-scoped', 'make it and what it injects singletons');
    agents.set(options.id, { options, className: metatype.name, handler: () => wrapper.instance as AgentHandler });
  }
  return { agents: [...agents.values()].filter(({ options }) => !broken.has(options.id)), broken, problems };
}
