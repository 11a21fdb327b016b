import { compileSchema, isJsonObject, type JsonObject } from '@longhaul/kernel';

/** Of a tool that says nothing about its arguments. */
export const NO_PARAMETERS: JsonObject = { type: 'object', properties: {}, additionalProperties: false };

/** What keeps this from being the schema of a tool's arguments: they are an object, as every model gives them. */
export function parametersIssue(schema: JsonObject): { message: string; hint: string } | undefined {
  const { type, properties } = schema;
  if (type !== 'object') {
    const got = type === undefined ? 'no type' : `type ${JSON.stringify(type)}`;
    return { message: `must be the schema of an object, got ${got}`, hint: 'write type: object, and properties' };
  }
  if (properties !== undefined && !isJsonObject(properties)) {
    return { message: 'properties must be an object', hint: 'write properties: { name: { type: string } }' };
  }
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { message: `is not a JSON Schema: ${reason}`, hint: 'see json-schema.org' };
  }
}
