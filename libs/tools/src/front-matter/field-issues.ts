import { suggest, unknownName } from '@longhaul/kernel';
import { z } from 'zod';

/** One thing wrong, by its place in the front matter; the caller knows the file and its lines. */
export interface FieldIssue {
  path: PropertyKey[];
  message: string;
  hint: string;
}

/** zod's findings on `value` as sentences that name the field, what was expected, what was there, and the mend. */
export function fieldIssues(schema: z.ZodObject, error: z.ZodError, value: unknown): FieldIssue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [toFieldIssue(schema, issue, value)];
    const known = keysOf(schemaAt(schema, issue.path));
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: unknownName(
        'field',
        nameOf([...issue.path, key]),
        known.map((name) => nameOf([...issue.path, name])),
      ),
      hint: `known here: ${known.join(', ')}`,
    }));
  });
}

function toFieldIssue(schema: z.ZodObject, issue: z.core.$ZodIssue, root: unknown): FieldIssue {
  const value = issue.path.reduce(childOf, root);
  const { expected, hint } = mend(schema, issue, value);
  return { path: issue.path, message: `${nameOf(issue.path)}: ${expected}, got ${shown(value)}`, hint };
}

function mend(schema: z.ZodObject, issue: z.core.$ZodIssue, value: unknown): { expected: string; hint: string } {
  if (issue.code === 'invalid_value') {
    const near = typeof value === 'string' ? suggest(value, issue.values.map(String)) : undefined;
    const hint = near === undefined ? `write one of ${issue.values.join(', ')}` : `did you mean "${near}"?`;
    return { expected: `expected ${issue.values.join(' or ')}`, hint };
  }
  if (issue.code === 'invalid_type') return { expected: `expected ${issue.expected}`, hint: typeHint(schema, issue) };
  if (issue.code === 'too_small')
    return { expected: `at least ${issue.minimum}`, hint: `raise it to ${issue.minimum}` };
  if (issue.code === 'too_big') return { expected: `at most ${issue.maximum}`, hint: `lower it to ${issue.maximum}` };
  if (issue.code === 'invalid_key')
    return { expected: issue.issues[0]?.message ?? 'is no name', hint: 'correct the name' };
  return { expected: issue.message, hint: 'correct the value' };
}

function typeHint(schema: z.ZodObject, { expected, path }: z.core.$ZodIssueInvalidType): string {
  const field = nameOf(path);
  if (expected === 'object') return `write ${field}: { ${keysOf(schemaAt(schema, path))[0] ?? 'key'}: … }`;
  if (expected === 'array') return `write ${field}: [ … ]`;
  return expected === 'boolean' ? 'write true or false' : `write a ${expected === 'int' ? 'whole number' : expected}`;
}

function childOf(parent: unknown, key: PropertyKey): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
}

/** `schedules[0].cron`; the whole front matter has no name of its own. */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'front matter';
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function shown(value: unknown): string {
  const json = value === undefined ? 'nothing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

function schemaAt(root: z.ZodObject, path: readonly PropertyKey[]): z.core.$ZodType {
  return path.reduce<z.core.$ZodType>((schema, key) => {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) return (inner.shape as Record<PropertyKey, z.core.$ZodType>)[key] ?? inner;
    return inner instanceof z.ZodArray ? inner.element : inner;
  }, root);
}

function keysOf(schema: z.core.$ZodType): string[] {
  const inner = unwrap(schema);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
