import { isJsonObject, suggest, type JsonObject, type JsonValue } from '@longhaul/kernel';
import { parseTemplate } from './template';
import type { TemplateScope } from './template-scope';

export interface PlaceholderIssue {
  /** `bad`: not a placeholder. `absent`, `optional`: what the schema says of the value. `object`: it is no text. */
  reason: 'bad' | 'absent' | 'optional' | 'object';
  /** It can never be filled in. */
  fatal: boolean;
  message: string;
  hint: string;
}

/** What is wrong with the placeholders of a text, by the schema of the values; undefined: none was written. */
export function placeholderIssues(
  template: string,
  scope: TemplateScope,
  schema: JsonObject | undefined,
): PlaceholderIssue[] {
  return parseTemplate(template, scope).flatMap((part) => {
    if (part.kind === 'text') return [];
    const issue = part.kind === 'bad' ? bad(part.source, scope) : bySchema(scope, schema, part.source, part.path);
    return issue === undefined ? [] : [issue];
  });
}

function bad(source: string, { root }: TemplateScope): PlaceholderIssue {
  const fields = root === 'input' ? 'fields of the input' : 'arguments';
  return {
    reason: 'bad',
    fatal: true,
    message: `unknown placeholder ${source}: only ${fields} can be used`,
    hint: `write {{${root}.name}}, with dots into what is nested: {{${root}.items.0.name}}`,
  };
}

/** Undefined: it may well be there. */
function bySchema(
  { root, schemaKey }: TemplateScope,
  schema: JsonObject | undefined,
  source: string,
  path: readonly string[],
): PlaceholderIssue | undefined {
  if (schema === undefined) {
    // What every chat has.
    if (path.length === 1 && path[0] === 'message') return undefined;
    const hint = `declare the field in ${schemaKey}, and require it`;
    const message = `${source} may be missing: the agent has no ${schemaKey}`;
    return { reason: 'optional', fatal: false, message, hint };
  }
  let node: JsonObject = schema;
  for (const [index, key] of path.entries()) {
    const properties = node['properties'];
    if (!isJsonObject(properties)) return undefined;
    const child: JsonValue | undefined = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!isJsonObject(child)) return child === undefined ? absent(schemaKey, node, properties, source, key) : undefined;
    if (!isRequired(node, key) && !('default' in child) && index === path.length - 1) {
      const message = `${source} may be missing: ${schemaKey} does not require it`;
      return { reason: 'optional', fatal: false, message, hint: 'name it in required, or give it a default' };
    }
    node = child;
  }
  if (node['type'] !== 'object') return undefined;
  const hint = `name one of its fields, as in {{${root}.object.field}}`;
  return { reason: 'object', fatal: true, message: `${source} is an object, which is no argument`, hint };
}

function absent(
  schemaKey: string,
  node: JsonObject,
  properties: JsonObject,
  source: string,
  key: string,
): PlaceholderIssue {
  const near = suggest(key, Object.keys(properties));
  const known = Object.keys(properties).join(', ');
  const hint = near === undefined ? `known there: ${known}` : `did you mean "${near}"?`;
  const message = `${source} is not in ${schemaKey}`;
  return { reason: 'absent', fatal: node['additionalProperties'] === false, message, hint };
}

function isRequired(node: JsonObject, key: string): boolean {
  return Array.isArray(node['required']) && node['required'].includes(key);
}
