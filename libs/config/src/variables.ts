import { isJsonObject } from '@longhaul/kernel';
import type { z } from 'zod';
import { coerce } from './coerce';
import type { ConfigPath, PlacedIssue } from './config-path';
import { childOf } from './schema-walk';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(\$?)(\{[^}]*\}?)/g;
const FORM = /^\{([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?\}$/s;

/**
 * The values with `${NAME}` and `${NAME:-default}` in their strings replaced (the default also stands in for an empty
 * variable); `$${` is a literal `${`. A string that had a reference becomes what the schema wants there, so
 * `port: ${PORT}` is a number.
 */
export function expandVariables(
  root: z.core.$ZodType,
  document: unknown,
  env: Environment,
): { values: unknown; issues: PlacedIssue[] } {
  const issues: PlacedIssue[] = [];

  const expandText = (text: string, at: ConfigPath): string =>
    text.replace(REFERENCE, (_whole, escape: string, reference: string) => {
      if (escape) return `$${reference}`;
      const answer = lookUp(reference, env);
      if (typeof answer === 'string') return answer;
      issues.push({ at, ...answer });
      return '';
    });

  const expand = (node: unknown, at: ConfigPath, schema: z.core.$ZodType | undefined): unknown => {
    if (typeof node === 'string') return node.includes('${') ? coerce(schema, expandText(node, at)) : node;
    if (Array.isArray(node)) return node.map((item, index) => expand(item, [...at, index], childOf(schema, index)));
    if (!isJsonObject(node)) return node;
    const entries = Object.entries(node);
    return Object.fromEntries(entries.map(([key, item]) => [key, expand(item, [...at, key], childOf(schema, key))]));
  };

  return { values: expand(document, [], root), issues };
}

function lookUp(reference: string, env: Environment): string | { message: string; hint: string } {
  const [, name, fallback] = FORM.exec(reference) ?? [];
  if (name === undefined) {
    const hint = 'write ${NAME} or ${NAME:-default}, and $${ for a literal ${';
    return { message: 'has a "${" that is no reference to a variable', hint };
  }
  const value = fallback === undefined ? env[name] : env[name] || fallback;
  return value ?? { message: `the variable ${name} is not set`, hint: `set ${name}, or write \${${name}:-default}` };
}
