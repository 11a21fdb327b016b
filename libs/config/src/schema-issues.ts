import { suggest, unknownName } from '@longhaul/kernel';
import type { z } from 'zod';
import { isSecretPath } from './config-path';
import type { PlacedIssue } from './config-path';
import { purposeOf, schemaAt, shapeOf, valueAt } from './schema-walk';

const WANTED: Record<string, string> = { object: 'a mapping', record: 'a mapping', array: 'a list' };

/** What the schema refused, in our words: what was expected, what was there (unless it is secret), the mend. */
export function schemaIssues(schema: z.core.$ZodType, values: unknown, error: z.core.$ZodError): PlacedIssue[] {
  return error.issues.flatMap((issue): PlacedIssue[] => {
    const here = schemaAt(schema, issue.path);
    if (issue.code === 'unrecognized_keys') {
      const known = Object.keys((here && shapeOf(here)) ?? {});
      const hint = `known here: ${known.join(', ')}`;
      return issue.keys.map((key) => ({ at: [...issue.path, key], message: unknownName('key', key, known), hint }));
    }
    const value = valueAt(values, issue.path);
    const hint = mend(issue, value) ?? purposeOf(here);
    return [{ at: issue.path, message: expectation(issue) + found(issue, value), ...(hint ? { hint } : {}) }];
  });
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.join(', ')}`;
  if (issue.code !== 'invalid_type' || issue.expected === 'int') return issue.message;
  return `expected ${WANTED[issue.expected] ?? `a ${issue.expected}`}`;
}

function mend(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return undefined;
  const near = suggest(value, issue.values.map(String));
  return near && `did you mean "${near}"?`;
}

/** Says what was there, but for secrets, URLs (which may carry a password) and what should have been JSON. */
function found({ path, ...issue }: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return ', but it is missing';
  if (value === null) return ', but it has no value';
  if (typeof value === 'object') return `, got ${Array.isArray(value) ? 'a list' : 'a mapping'}`;
  if (typeof value !== 'string') return `, got ${JSON.stringify(value)}`;
  if (issue.code === 'invalid_type' && WANTED[issue.expected]) return ', got text';
  return isSecretPath(path) || value.includes('://') || value === '' ? '' : `, got "${value.slice(0, 80)}"`;
}
