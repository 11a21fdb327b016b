import { isJsonObject } from '@longhaul/kernel';
import type { JsonValue } from '@longhaul/kernel';
import type { PlacedIssue } from './config-path';
import type { GatewayDocument } from './schema/gateway-schema';
import { expandSecret } from './variables';
import type { Environment } from './variables';

/** Never two underscores: `__` stands between a server's name and its tool's. */
const NAME = /^(?=.{1,32}$)[a-z0-9]+([_-][a-z0-9]+)*$/;
const NAME_RULE = 'lower-case letters and digits, with single dashes or underscores between them, at most 32';

type Server = GatewayDocument['mcp_servers'][string];

/** Each is a command or a URL, and has nothing that belongs to the other. */
export function checkMcpServers({ mcp_servers: servers }: GatewayDocument): PlacedIssue[] {
  return Object.entries(servers).flatMap(([name, server]): PlacedIssue[] => {
    const at = ['mcp_servers', name];
    if (!NAME.test(name)) return [{ at, message: "cannot be an MCP server's name", hint: NAME_RULE }];
    const problem = whatIsWrong(server);
    return problem ? [{ at: [...at, ...problem.key], message: problem.message, hint: problem.hint }] : [];
  });
}

function whatIsWrong({ command, url, env, cwd, headers }: Server) {
  if (command === undefined && url === undefined) {
    return {
      key: [],
      message: 'has neither command nor url',
      hint: 'write command: [program, argument] or url: https://…',
    };
  }
  if (command !== undefined && url !== undefined) {
    return { key: ['url'], message: 'is given beside command', hint: 'keep one of them' };
  }
  if (url !== undefined) {
    const { username, password } = new URL(url);
    if (username !== '' || password !== '') {
      return {
        key: ['url'],
        message: 'must not hold a user and password',
        hint: 'write headers: { Authorization: … }',
      };
    }
    const [key] = Object.entries({ env, cwd }).find(([, value]) => value !== undefined) ?? [];
    return key && { key: [key], message: 'is for a server with command', hint: 'remove it' };
  }
  return headers && { key: ['headers'], message: 'is for a server with url', hint: 'hand secrets to a command by env' };
}

/** Adds what the variables hold that these sections are written with: an argument or a variable may be a key. */
export function collectMcpSecrets(written: unknown, env: Environment, secrets: string[]): void {
  const visit = (node: JsonValue): void => {
    if (typeof node === 'string') expandSecret(node, env, secrets);
    else if (Array.isArray(node)) node.forEach(visit);
    else if (isJsonObject(node)) Object.values(node).forEach(visit);
  };
  const servers = isJsonObject(written) ? Object.values(written) : [];
  for (const server of servers) {
    if (!isJsonObject(server)) continue;
    for (const key of ['command', 'env', 'headers', 'url']) visit(server[key] ?? null);
  }
}
