import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Issue } from '@longhaul/kernel';
import type { AgentHandler } from './agent-handler';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from './agents-options';
import { findCodeAgents } from './code-agents';
import type { AgentDefinition } from './definition/agent-definition';
import { loadAgentFiles } from './loading/load-agent-files';
import { mergeAgents } from './merge-agents';

/**
 * The agents of the workspace and of the code, read once when it is constructed and the same until the process ends;
 * every other provider may ask it from its own constructor on. An agent with a problem is left out, the others load.
 */
@Injectable()
export class AgentRegistry {
  /** What kept an agent from loading. Readiness says degraded, `agents validate` exits 1. */
  readonly problems: readonly Issue[];
  /** What loaded but does less than it says. */
  readonly warnings: readonly Issue[];
  private readonly definitions: ReadonlyMap<string, AgentDefinition>;
  private readonly handlers: ReadonlyMap<string, () => AgentHandler | undefined>;
  private readonly routedQueues: readonly string[];

  constructor(@Inject(AGENTS_OPTIONS) options: AgentsModuleOptions, discovery: DiscoveryService) {
    const files = loadAgentFiles(options.workspace);
    const code = findCodeAgents(discovery);
    const merged = mergeAgents(files, code, options.defaults);
    this.definitions = new Map(merged.definitions.map((definition) => [definition.id, definition]));
    this.handlers = new Map(code.agents.map(({ options: { id }, handler }) => [id, handler]));
    this.problems = merged.problems;
    this.warnings = merged.warnings;
    this.routedQueues = Object.values(options.defaults.routes);
  }

  find(id: string): AgentDefinition | undefined {
    return this.definitions.get(id);
  }

  /** Sorted by id. */
  list(): AgentDefinition[] {
    return [...this.definitions.values()];
  }

  /** The provider behind a code agent; undefined for the others. */
  handler(id: string): AgentHandler | undefined {
    return this.handlers.get(id)?.();
  }

  /** Every queue that an agent may be sent to, sorted: `default`, those of the routes and those that agents name. */
  queues(): string[] {
    return [...new Set(['default', ...this.routedQueues, ...this.list().map((agent) => agent.queue)])].sort();
  }
}
