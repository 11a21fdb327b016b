import { resolve } from 'node:path';
import { secretParts } from '@longhaul/kernel';
import type { GatewayConfig, LoadedGatewayConfig } from '@longhaul/config';
import type { McpOptions, McpServerOptions, McpToolSettings } from '@longhaul/tools';
import { VERSION } from './version';

const ms = (seconds: number) => Math.round(seconds * 1_000);

/** A command is given the gateway's PATH, what its section names, and nothing else. */
export function mcpOptions({ config, variable, secrets }: LoadedGatewayConfig, workspace: string): McpOptions {
  const servers = Object.entries(config.mcpServers).map(([name, server]): McpServerOptions => {
    const { command, env = {}, cwd = '.', url = '', headers = {}, tools, perTool } = server;
    const path = { PATH: variable('PATH') ?? '/usr/local/bin:/usr/bin:/bin' };
    const reach = command ? { command, env: { ...path, ...env }, cwd: resolve(workspace, cwd) } : { url, headers };
    return {
      name,
      reach,
      ...toolSettingsOf(server),
      timeoutMs: ms(server.timeoutS),
      secrets: secretsOf(server, secrets),
      ...(tools === undefined ? {} : { tools }),
      perTool: Object.fromEntries(Object.entries(perTool).map(([tool, own]) => [tool, toolSettingsOf(own)])),
    };
  });
  return { servers, version: VERSION };
}

/** Of all that the gateway keeps to itself: what this server is given, so that no innocent word of another is blotted out. */
function secretsOf({ command = [], env = {}, url = '', headers = {} }: WrittenServer, secrets: readonly string[]) {
  const given = [...command, ...Object.values(env), url];
  const held = secrets.filter((secret) => given.some((text) => text.includes(secret)));
  return secretParts([...Object.values(headers), ...held]);
}

type WrittenServer = Partial<GatewayConfig['mcpServers'][string]>;
type WrittenToolSettings = Partial<GatewayConfig['mcpServers'][string]['perTool'][string]>;

function toolSettingsOf({ effects, tags, requiresApproval, timeoutS }: WrittenToolSettings): McpToolSettings {
  return {
    ...(effects === undefined ? {} : { effects }),
    ...(tags === undefined ? {} : { tags }),
    ...(requiresApproval === undefined ? {} : { requiresApproval }),
    ...(timeoutS === undefined ? {} : { timeoutMs: ms(timeoutS) }),
  };
}
