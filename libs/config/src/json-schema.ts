import { z } from 'zod';
import { gatewaySchema } from './schema/gateway-schema';

/** What editors use to complete and check gateway.yaml; committed as schema/gateway.json. */
export function gatewayJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(gatewaySchema, {
    target: 'draft-07',
    io: 'input',
    override: ({ jsonSchema }) => allowVariables(jsonSchema),
  });
  return { $schema, title: 'gateway.yaml of Longhaul', ...rest };
}

/** Wherever a value must have a certain form, `${NAME}` may stand instead. */
function allowVariables(schema: z.core.JSONSchema.BaseSchema): void {
  const { type, enum: options, pattern, format, minLength = 0, default: fallback, description, ...rules } = schema;
  const isText = type === 'string';
  if (
    isText
      ? !(options ?? pattern ?? format) && minLength < 2
      : type !== 'number' && type !== 'integer' && type !== 'boolean'
  )
    return;
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key);
  const form = { type, ...(options && { enum: options }), ...(pattern && { pattern }), ...(format && { format }) };
  Object.assign(schema, {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    anyOf: [
      { ...form, ...(minLength > 1 && { minLength }), ...rules },
      { type: 'string', pattern: String.raw`\$\{.+\}` },
    ],
  });
}
