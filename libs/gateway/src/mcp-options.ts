import { resolve } from 'node:path';
import type { GatewayConfig, LoadedGatewayConfig } from '@longhaul/config';
import type { McpOptions, McpServerOptions, McpToolSettings } from '@longhaul/tools';
import { VERSION } from './version';

const ms = (seconds: number) => Math.round(seconds * 1_000);

/** A command is given the gateway's PATH, what its section names, and nothing else. */
export function mcpOptions({ config, variable }: LoadedGatewayConfig, workspace: string): McpOptions {
  const servers = Object.entries(config.mcpServers).map(([name, server]): McpServerOptions => {
    const { command, env = {}, cwd = '.', url = '', headers = {}, tools, perTool } = server;
    const path = { PATH: variable('PATH') ?? '/usr/local/bin:/usr/bin:/bin' };
    const reach = command ? { command, env: { ...path, ...env }, cwd: resolve(workspace, cwd) } : { url, headers };
    return {
      name,
      reach,
      ...toolSettingsOf(server),
      timeoutMs: ms(server.timeoutS),
      ...(tools === undefined ? {} : { tools }),
      perTool: Object.fromEntries(Object.entries(perTool).map(([tool, own]) => [tool, toolSettingsOf(own)])),
    };
  });
  return { servers, version: VERSION };
}

type WrittenToolSettings = Partial<GatewayConfig['mcpServers'][string]['perTool'][string]>;

function toolSettingsOf({ effects, tags, requiresApproval, timeoutS }: WrittenToolSettings): McpToolSettings {
  return {
    ...(effects === undefined ? {} : { effects }),
    ...(tags === undefined ? {} : { tags }),
    ...(requiresApproval === undefined ? {} : { requiresApproval }),
    ...(timeoutS === undefined ? {} : { timeoutMs: ms(timeoutS) }),
  };
}
