import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { join } from 'node:path';
import { DiscoveryService } from '@nestjs/core';
import type { Issue } from '@longhaul/kernel';
import { findCodeTools } from './code/find-code-tools';
import { isThere } from './front-matter/read-workspace-file';
import { TOOL_KINDS, type ToolKind } from './kinds/tool-kind';
import { loadTools } from './load-tools';
import type { Tool } from './tool';
import { type ToolSource, withoutClashes } from './tool-source';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from './tools-options';

/**
 * Every tool that there is, by name. Files and code are read when it is constructed, so that every other provider may ask
 * from its own constructor on; other sources publish theirs whenever they change. A name that two have is nobody's.
 */
@Injectable()
export class ToolRegistry implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('tools');
  private readonly sources = new Map<string, ToolSource>();
  /** Replaced as a whole: whoever asks sees all of a change or nothing of it. */
  private tools: ReadonlyMap<string, Tool> = new Map();
  private sorted: readonly Tool[] = [];
  private clashes: readonly Issue[] = [];
  private told = new Set<string>();
  private started = false;

  constructor(
    @Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions,
    @Inject(TOOL_KINDS) private readonly kinds: readonly ToolKind[],
    private readonly discovery: DiscoveryService,
  ) {
    this.publish('code', findCodeTools(discovery));
    this.publish('files', loadTools(options, kinds));
  }

  /** Providers that factories make are there only now. */
  onModuleInit(): void {
    this.publish('code', findCodeTools(this.discovery));
  }

  onApplicationBootstrap(): void {
    this.started = true;
    this.tellIssues();
  }

  find(name: string): Tool | undefined {
    return this.tools.get(name);
  }

  /** By name. The same array until something is published again. */
  list(): readonly Tool[] {
    return this.sorted;
  }

  /** What kept a tool from loading. Readiness says degraded, `tools validate` exits 1. */
  get problems(): readonly Issue[] {
    return [...this.clashes, ...[...this.sources.values()].flatMap(({ problems }) => problems)];
  }

  get warnings(): readonly Issue[] {
    return [...this.sources.values()].flatMap(({ warnings }) => warnings);
  }

  /** Takes the place of all that this source had before. */
  publish(source: string, content: ToolSource): void {
    this.sources.set(source, content);
    const { tools, problems } = withoutClashes([...this.sources.values()].flatMap(({ tools: placed }) => placed));
    this.tools = new Map(tools.map((tool) => [tool.definition.name, tool]));
    this.sorted = tools;
    this.clashes = problems;
    if (this.started) this.tellIssues();
  }

  /** Reads the files again. A tool that does not load any more stays as it was, unless its TOOL.md is gone. */
  reload(): void {
    const now = loadTools(this.options, this.kinds);
    const loaded = new Set(now.tools.map(({ tool }) => tool.definition.name));
    const kept = (this.sources.get('files')?.tools ?? []).filter(({ tool: { definition } }) => {
      const { name, file } = definition;
      return !loaded.has(name) && file !== null && isThere(join(this.options.workspace, file));
    });
    this.publish('files', { ...now, tools: [...now.tools, ...kept] });
  }

  /** Each once, and again when it went and came back. */
  private tellIssues(): void {
    const lines = [...this.problems, ...this.warnings].map(
      ({ path, message, hint }) => `${path}: ${message}${hint === undefined ? '' : `; ${hint}`}`,
    );
    for (const line of lines) if (!this.told.has(line)) this.logger.warn(line);
    this.told = new Set(lines);
  }
}
