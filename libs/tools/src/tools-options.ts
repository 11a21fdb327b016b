import type { Type } from '@nestjs/common';
import type { KnownChannels } from '@longhaul/config';
import type { McpOptions } from './mcp/mcp-options';

/** What a kind must know of the gateway to say whether a tool can be called. Holds no secret. */
export interface ToolSettings {
  /** The workspace's directory. */
  workspace: string;
  /** `http.allow_private_cidrs`. */
  allowPrivateCidrs: readonly string[];
  /** A text with its `${NAME}` replaced, or what is wrong with it. */
  expand(text: string): { value: string } | { message: string; hint: string };
  /** A variable of the environment, for commands that name it in `env_allow`. */
  variable(name: string): string | undefined;
  /** Whom tools may tell; webhooks alone when absent. */
  channels?: KnownChannels;
}

/** What `ToolsModule.forRoot` wants to know; the composition root takes it from the configuration. */
export interface ToolsModuleOptions extends ToolSettings {
  /** Providers whose methods wear `@Tool`, to register here. Those that other modules provide are found as well. */
  tools?: Type[];
  /** Read the files again when they change. For development: each process sees a change in its own time. */
  watch?: boolean;
  /** Without it there are no MCP servers. */
  mcp?: McpOptions;
}

export const TOOLS_OPTIONS = Symbol('TOOLS_OPTIONS');
