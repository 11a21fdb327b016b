import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Issue } from './errors';
import { isJsonObject, type JsonObject, type JsonValue } from './json';
import { unknownName } from './suggest';

/** As many as help a person; a large array of wrong items would fill a response with them. */
const MAX_ISSUES = 20;

/** Loaded with the first schema: commands that only talk to a gateway have none. */
const load = () => ({
  ...(require('ajv') as typeof import('ajv')),
  ...(require('ajv/dist/2020') as typeof import('ajv/dist/2020')),
});

// `strict` off: authors may use keywords of their tools. `format` is not checked: that needs another package.
const OPTIONS = { strict: false, allErrors: true, validateFormats: false, verbose: true } as const;
const compiled = new WeakMap<JsonObject, ValidateFunction>();

/**
 * Compiles the JSON Schema of an agent, a tool or an approval (draft 2020-12, or draft 7 when its `$schema` says so).
 * Throws an Error that says what is wrong with it. Remote `$ref`s are refused: nothing is fetched.
 */
export function compileSchema(schema: JsonObject): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const draft7 = typeof schema['$schema'] === 'string' && schema['$schema'].includes('draft-07');
  const { Ajv, Ajv2020 } = load();
  // An instance for each schema: two of them may have the same `$id`.
  const validate = draft7 ? new Ajv(OPTIONS).compile(schema) : new Ajv2020(OPTIONS).compile(schema);
  compiled.set(schema, validate);
  return validate;
}

/** What is wrong with an input, each with its place below `root`: `input.items[2].name`. Empty when it fits. */
export function inputIssues(schema: JsonObject, input: JsonValue, root: string): Issue[] {
  const validate = compileSchema(schema);
  if (validate(input)) return [];
  return (validate.errors ?? []).slice(0, MAX_ISSUES).map((error) => toIssue(error, root));
}

function toIssue(error: ErrorObject, root: string): Issue {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((parent, key) => join(parent, key), root);
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case 'required':
      return { path: join(path, String(params['missingProperty'])), message: 'is required' };
    case 'additionalProperties': {
      const field = String(params['additionalProperty']);
      const properties: unknown = error.parentSchema?.['properties'];
      const known = isJsonObject(properties) ? Object.keys(properties) : [];
      return { path: join(path, field), message: unknownName('field', field, known) };
    }
    case 'type':
      return { path, message: `expected ${[params['type']].flat().join(' or ')}, got ${typeName(error.data)}` };
    case 'enum':
      return { path, message: `expected one of ${[params['allowedValues']].flat().join(', ')}` };
    default:
      return { path, message: error.message ?? `does not fit ${error.keyword}` };
  }
}

function join(parent: string, key: string): string {
  if (/^\d+$/.test(key)) return `${parent}[${key}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return isJsonObject(value) ? 'object' : typeof value;
}
