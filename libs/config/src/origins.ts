import { isJsonObject } from '@longhaul/kernel';
import type { Issue } from '@longhaul/kernel';
import { formatPath } from './config-path';
import type { ConfigPath, PlacedIssue } from './config-path';
import type { Override } from './environment';
import type { ConfigSource } from './gateway-config';
import { GATEWAY_YAML } from './gateway-yaml';
import type { GatewayYaml } from './gateway-yaml';

/** Remembers where each value came from. */
export class Origins {
  constructor(
    private readonly file: GatewayYaml,
    private readonly overrides: readonly Override[],
    private readonly fromEnvFile: (variable: string) => boolean,
  ) {}

  locate({ at, message, hint }: PlacedIssue): Issue {
    const origin = this.originOf(at);
    const text = origin === undefined ? message : `${message} (${origin})`;
    return { path: formatPath(at), message: text, ...(hint === undefined ? {} : { hint }) };
  }

  sourceOf(path: ConfigPath): ConfigSource {
    const override = this.overrides.findLast(
      (candidate) => startsWith(candidate.path, path) || startsWith(path, candidate.path),
    );
    if (override) return override.source;
    return hasAt(this.file.values, path) ? 'yaml' : 'default';
  }

  private originOf(path: ConfigPath): string | undefined {
    const override = this.overrides.findLast((candidate) => startsWith(path, candidate.path));
    if (override?.source === 'code') return override.variable;
    if (override) return `${override.variable}${this.fromEnvFile(override.variable) ? ' in .env' : ''}`;
    const line = this.file.lineOf(path);
    return line === undefined ? undefined : `${GATEWAY_YAML}:${line}`;
  }
}

function startsWith(path: ConfigPath, start: ConfigPath): boolean {
  return start.every((part, index) => path[index] === part);
}

function hasAt(node: unknown, path: ConfigPath): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return node !== null;
  return isJsonObject(node) && Object.hasOwn(node, head) && hasAt(node[String(head)], rest);
}
