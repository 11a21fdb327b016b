import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { isJsonObject } from '@longhaul/kernel';

/** Whose values placeholders stand for. */
export interface TemplateScope {
  /** `{{<root>.name}}`. */
  root: 'input' | 'args';
  /** The key of the front matter that says which values there are. */
  schemaKey: 'input_schema' | 'parameters';
  /** Where the values come from, in messages. */
  origin: 'the input' | 'an argument';
  /** Whose front matter it is, in messages. */
  owner: 'agent' | 'tool';
}

/** Of an AGENT.md: the input of the execution. */
export const INPUT_SCOPE: TemplateScope = {
  root: 'input',
  schemaKey: 'input_schema',
  origin: 'the input',
  owner: 'agent',
};
/** Of a TOOL.md: the arguments of the call. */
export const ARGUMENTS_SCOPE: TemplateScope = {
  root: 'args',
  schemaKey: 'parameters',
  origin: 'an argument',
  owner: 'tool',
};

/** The values of one run or call. */
export interface TemplateValues {
  scope: TemplateScope;
  /** The value at a path below the root; undefined when there is none. */
  read(path: readonly string[]): JsonValue | undefined;
}

/** What is missing in `root` is the `default` of its place in the schema. */
export function templateValues(scope: TemplateScope, root: JsonValue, schema: JsonObject | null): TemplateValues {
  return { scope, read: (path) => at(root, path) ?? defaultAt(schema ?? {}, path) };
}

function at(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((parent, key) => {
    if (Array.isArray(parent)) return /^\d+$/.test(key) ? parent[Number(key)] : undefined;
    return isJsonObject(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined;
  }, value);
}

function defaultAt(schema: JsonObject, path: readonly string[]): JsonValue | undefined {
  return at(schema, path.flatMap((key) => ['properties', key]).concat('default'));
}
