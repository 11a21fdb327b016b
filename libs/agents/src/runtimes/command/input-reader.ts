import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import type { InputReader } from './render';

/** Reads the input of a run; what is missing there is the `default` of its place in the agent's input_schema. */
export function inputReader(input: JsonValue, schema: JsonObject | null): InputReader {
  return (path) => at(input, path) ?? defaultAt(schema ?? {}, path);
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
