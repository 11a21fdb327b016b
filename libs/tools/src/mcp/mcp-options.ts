import type { StepEffects } from '@longhaul/executions';
import type { ToolTag } from '../tool';

/** What the operator says of a server's tools, over what the server says of them. */
export interface McpToolSettings {
  effects?: StepEffects;
  tags?: readonly ToolTag[];
  requiresApproval?: boolean;
  timeoutMs?: number;
}

/** A server of `mcp_servers` in gateway.yaml. */
export interface McpServerOptions extends McpToolSettings {
  name: string;
  reach: McpCommand | McpUrl;
  /** Longest call. */
  timeoutMs: number;
  /** What it is reached with and must not be repeated, whatever it answers or fails with. */
  secrets?: readonly string[];
  /** Only these, by their names at the server; all when absent. */
  tools?: readonly string[];
  /** By the tool's name at the server. */
  perTool: Readonly<Record<string, McpToolSettings>>;
}

/** A process that is started and spoken to over its input and output. */
export interface McpCommand {
  /** Program, then its arguments. */
  command: readonly string[];
  /** All that its environment has. */
  env: Readonly<Record<string, string>>;
  /** Absolute. */
  cwd: string;
}

/** A server that is spoken to over streamable HTTP. */
export interface McpUrl {
  url: string;
  headers: Readonly<Record<string, string>>;
}

export interface McpOptions {
  servers: readonly McpServerOptions[];
  /** What servers are told of the gateway's version. */
  version: string;
}
