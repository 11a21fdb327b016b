import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { suggest } from '@longhaul/kernel';
import type { Issue } from '@longhaul/kernel';
import type { z } from 'zod';
import { coerce } from './coerce';
import type { ConfigPath } from './config-path';
import { childOf, leafPaths, shapeOf } from './schema-walk';
import type { Environment } from './variables';

const PREFIX = 'LONGHAUL_';
const SEPARATOR = '__';

/** One key that was set from outside the file. */
export interface Override {
  /** What set it, as messages name it: a variable, or an option in code. */
  variable: string;
  source: 'env' | 'code';
  path: ConfigPath;
  value: unknown;
}

/** The variables of `<workspace>/.env`; none when there is no such file. */
export function readEnvFile(workspace: string): Environment {
  const path = join(workspace, '.env');
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

/**
 * `LONGHAUL_QUEUE__BACKEND=redis` -> `queue.backend`. An empty value counts as not set, since compose files pass empty
 * what they do not know. A name without `__` is somebody else's, unless it is a key by itself (`LONGHAUL_EXTENSIONS`).
 */
export function readOverrides(
  schema: z.core.$ZodType,
  env: Environment,
): { overrides: Override[]; issues: Issue[]; warnings: Issue[] } {
  const overrides: Override[] = [];
  const issues: Issue[] = [];
  const warnings: Issue[] = [];
  const names = leafPaths(schema).map((path) => variableOf(path));
  for (const [variable, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!variable.startsWith(PREFIX) || text === undefined || text.trim() === '') continue;
    if (variable.includes(SEPARATOR) || names.includes(variable)) {
      const found = resolve(schema, variable);
      if ('path' in found)
        overrides.push({ variable, source: 'env', path: found.path, value: coerce(found.schema, text) });
      else issues.push({ path: variable, ...found });
    } else {
      const meant = names.find((name) => name.replaceAll(SEPARATOR, '_') === variable);
      if (meant) warnings.push({ path: variable, message: 'sets nothing', hint: `did you mean "${meant}"?` });
    }
  }
  return { overrides, issues, warnings };
}

type Resolved = { path: string[]; schema: z.core.$ZodType } | { message: string; hint: string };

function resolve(root: z.core.$ZodType, variable: string): Resolved {
  let schema = root;
  const path: string[] = [];
  for (const part of variable.slice(PREFIX.length).toLowerCase().split(SEPARATOR)) {
    const child = part === '' ? undefined : childOf(schema, part);
    if (!child) return { message: 'unknown variable', hint: nearestVariable(schema, path, part) };
    path.push(part);
    schema = child;
  }
  return { path, schema };
}

function nearestVariable(schema: z.core.$ZodType, path: string[], part: string): string {
  const keys = Object.keys(shapeOf(schema) ?? {});
  if (keys.length === 0) return `set ${variableOf(path)} as a whole, a list or a mapping as JSON`;
  const near = suggest(part, keys);
  if (near) return `did you mean "${variableOf([...path, near])}${path.length === 0 ? SEPARATOR : ''}"?`;
  return `${variableOf([...path, ''])} is followed by one of ${keys.join(', ').toUpperCase()}`;
}

function variableOf(path: ConfigPath): string {
  return PREFIX + path.join(SEPARATOR).toUpperCase();
}
