import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Issue } from '@longhaul/kernel';
import { ToolRegistry } from '@longhaul/tools';
import type { AgentHandler } from './agent-handler';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from './agents-options';
import { type CodeAgents, findCodeAgents } from './code-agents';
import type { AgentDefinition } from './definition/agent-definition';
import { loadAgentFiles } from './loading/load-agent-files';
import { mergeAgents, type MergedAgents } from './merge-agents';
import { type CatalogueChange, changeOf, withLastGood } from './reload/catalogue-change';

/**
 * The agents of the workspace and of the code, read when it is constructed and again at each `reload()`; every other
 * provider may ask it from its own constructor on. An agent with a problem is left out, the others load.
 */
@Injectable()
export class AgentRegistry {
  private readonly code: CodeAgents;
  private readonly handlers: ReadonlyMap<string, () => AgentHandler | undefined>;
  private readonly routedQueues: readonly string[];
  /** Replaced as a whole: whoever asks sees all of a reload or nothing of it. */
  private current: MergedAgents;
  private byId: ReadonlyMap<string, AgentDefinition>;

  constructor(
    @Inject(AGENTS_OPTIONS) private readonly options: AgentsModuleOptions,
    discovery: DiscoveryService,
    private readonly tools: ToolRegistry,
  ) {
    this.code = findCodeAgents(discovery);
    this.handlers = new Map(this.code.agents.map(({ options: { id }, handler }) => [id, handler]));
    this.routedQueues = Object.values(options.defaults.routes);
    this.current = this.load();
    this.byId = index(this.current);
  }

  /** What kept an agent from loading. Readiness says degraded, `agents validate` exits 1. */
  get problems(): readonly Issue[] {
    return this.current.problems;
  }

  /** What loaded but does less than it says. */
  get warnings(): readonly Issue[] {
    return this.current.warnings;
  }

  /** What agents list as `context`, relative to the workspace, whether it is there or not. */
  get contextFiles(): ReadonlySet<string> {
    return this.current.contextFiles;
  }

  /**
   * Reads the files again. An agent that does not load any more stays as it was, unless its AGENT.md is gone. What runs
   * goes on with the definition that it began with. Code is not loaded again.
   */
  reload(): CatalogueChange {
    const before = this.current;
    const { catalogue, kept } = withLastGood(this.options.workspace, before, this.load());
    this.current = catalogue;
    this.byId = index(catalogue);
    return changeOf(before, catalogue, kept);
  }

  find(id: string): AgentDefinition | undefined {
    return this.byId.get(id);
  }

  /** Sorted by id. The same array until something is loaded again. */
  list(): readonly AgentDefinition[] {
    return this.current.definitions;
  }

  /** The provider behind a code agent; undefined for the others. */
  handler(id: string): AgentHandler | undefined {
    return this.handlers.get(id)?.();
  }

  /** Every queue that work may be sent to, sorted: `default`, those of the routes, those that agents and tools name. */
  queues(): string[] {
    const named = this.list().map((agent) => agent.queue);
    const ofTools = this.tools.list().flatMap(({ definition }) => definition.queue ?? []);
    return [...new Set(['default', ...this.routedQueues, ...named, ...ofTools])].sort();
  }

  private load(): MergedAgents {
    const tools = { tools: this.tools.list().map(({ definition }) => definition), complete: true };
    return mergeAgents(loadAgentFiles(this.options.workspace), this.code, tools, this.options.defaults);
  }
}

function index({ definitions }: MergedAgents): ReadonlyMap<string, AgentDefinition> {
  return new Map(definitions.map((definition) => [definition.id, definition]));
}
