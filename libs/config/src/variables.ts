import { isJsonObject } from '@longhaul/kernel';
import type { z } from 'zod';
import { coerce } from './coerce';
import type { ConfigPath, PlacedIssue } from './config-path';
import { childOf } from './schema-walk';
import { isTellingEnough } from './secrets';

export type Environment = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(\$?)(\{[^}]*\}?)/g;
const NAME = /(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)/g;
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

  const expand = (node: unknown, at: ConfigPath, schema: z.core.$ZodType | undefined): unknown => {
    if (typeof node === 'string')
      return node.includes('${')
        ? coerce(
            schema,
            expandText(node, env, (issue) => issues.push({ at, ...issue })),
          )
        : node;
    if (Array.isArray(node)) return node.map((item, index) => expand(item, [...at, index], childOf(schema, index)));
    if (!isJsonObject(node)) return node;
    const entries = Object.entries(node);
    return Object.fromEntries(entries.map(([key, item]) => [key, expand(item, [...at, key], childOf(schema, key))]));
  };

  return { values: expand(document, [], root), issues };
}

/** The text with its references replaced; `report` is told of each that leads nowhere. */
function expandText(
  text: string,
  env: Environment,
  report: (issue: { message: string; hint: string }) => void,
): string {
  return text.replace(REFERENCE, (_whole, escape: string, reference: string) => {
    if (escape) return `$${reference}`;
    const answer = lookUp(reference, env);
    if (typeof answer === 'string') return answer;
    report(answer);
    return '';
  });
}

/**
 * The same for a text that stands elsewhere than in gateway.yaml (a header in an AGENT.md): its value, or what is
 * wrong. What its variables hold joins `secrets`.
 */
export function expandSecret(text: string, env: Environment, secrets: string[]): Expanded {
  const issues: { message: string; hint: string }[] = [];
  const value = expandText(text, env, (issue) => issues.push(issue));
  const [issue] = issues;
  if (issue) return issue;
  for (const [, name = ''] of text.matchAll(NAME)) {
    const secret = env[name] ?? '';
    if (isTellingEnough(secret) && !secrets.includes(secret)) secrets.push(secret);
  }
  return { value };
}

export type Expanded = { value: string } | { message: string; hint: string };

function lookUp(reference: string, env: Environment): string | { message: string; hint: string } {
  const [, name, fallback] = FORM.exec(reference) ?? [];
  if (name === undefined) {
    const hint = 'write ${NAME} or ${NAME:-default}, and $${ for a literal ${';
    return { message: 'has a "${" that is no reference to a variable', hint };
  }
  const value = fallback === undefined ? env[name] : env[name] || fallback;
  return value ?? { message: `the variable ${name} is not set`, hint: `set ${name}, or write \${${name}:-default}` };
}
