import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ToolRegistry } from '../tool-registry';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../tools-options';
import { McpServer, type McpServerNews } from './mcp-server';

/**
 * The MCP servers of gateway.yaml. None is connected, and nothing of MCP is loaded, until somebody starts them or asks
 * for the tools of one; their tools are then in the registry, and change there with the servers.
 */
@Injectable()
export class McpServers implements OnApplicationShutdown {
  private readonly servers: ReadonlyMap<string, McpServer>;

  constructor(
    private readonly registry: ToolRegistry,
    @Inject(TOOLS_OPTIONS) { mcp }: ToolsModuleOptions,
  ) {
    const { servers = [], version = '' } = mcp ?? {};
    const logger = new Logger('mcp');
    this.servers = new Map(
      servers.map((options) => {
        const publish = (news: McpServerNews) => this.publish(options.name, news);
        return [options.name, new McpServer(options, version, logger, publish)];
      }),
    );
  }

  /** Connects all of them, in their own time: one that is not there stops nothing, and is tried again. */
  start(): void {
    for (const server of this.servers.values()) server.start();
  }

  /**
   * Waits for the first answer of each of these servers that has not yet told of its tools. Rejects with `NoEffectError`
   * when one cannot be asked. Names that no server has are nobody's.
   */
  async ready(names: Iterable<string>, signal: AbortSignal): Promise<void> {
    const servers = [...new Set(names)].flatMap((name) => this.servers.get(name) ?? []);
    await Promise.all(servers.map((server) => server.ready(signal)));
  }

  /** The names of the tools that these servers have now, in the order of the servers. */
  toolsOf(names: readonly string[]): string[] {
    return names.flatMap((name) => this.servers.get(name)?.toolNames ?? []);
  }

  /** After the runs have ended. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }

  private publish(name: string, { tools, complaints }: McpServerNews): void {
    const place = `mcp_servers.${name}`;
    const warnings = complaints.map((message) => ({ path: place, message, hint: 'it is left out' }));
    this.registry.publish(`mcp:${name}`, { tools: tools.map((tool) => ({ tool, place })), problems: [], warnings });
  }
}
