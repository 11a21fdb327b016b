import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandToolKind } from './kinds/command/command-tool-kind';
import { HttpToolKind } from './kinds/http/http-tool-kind';
import { NotifyToolKind } from './kinds/notify/notify-tool-kind';
import { ScrapeToolKind } from './kinds/scrape/scrape-tool-kind';
import { SqlToolKind } from './kinds/sql/sql-tool-kind';
import { TOOL_KINDS, type ToolKind } from './kinds/tool-kind';
import { McpServers } from './mcp/mcp-servers';
import { ToolsWatcher } from './reload/tools-watcher';
import { ToolCalls } from './tool-calls';
import { ToolResults } from './results/tool-results';
import { ToolRegistry } from './tool-registry';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from './tools-options';

/** One for each format of tool-formats.ts. */
const KINDS: Type<ToolKind>[] = [CommandToolKind, HttpToolKind, NotifyToolKind, ScrapeToolKind, SqlToolKind];

/** The tools of one workspace: `ToolRegistry` for whoever calls or shows them, in any module. */
@Global()
@Module({})
export class ToolsModule {
  static forRoot(options: ToolsModuleOptions): DynamicModule {
    return {
      module: ToolsModule,
      imports: [DiscoveryModule],
      providers: [
        { provide: TOOLS_OPTIONS, useValue: options },
        ...KINDS,
        { provide: TOOL_KINDS, useFactory: (...kinds: ToolKind[]) => kinds, inject: KINDS },
        ToolRegistry,
        ToolsWatcher,
        ToolResults,
        ToolCalls,
        McpServers,
        ...(options.tools ?? []),
      ],
      exports: [ToolCalls, ToolResults, ToolRegistry, McpServers],
    };
  }
}
