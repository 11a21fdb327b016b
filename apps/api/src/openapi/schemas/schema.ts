import type { JsonObject } from '@longhaul/kernel';

export type Schema = JsonObject;
export type Properties = Record<string, Schema>;

export const text: Schema = { type: 'string' };
export const moment: Schema = { type: 'string', format: 'date-time' };
export const integer: Schema = { type: 'integer' };
export const number: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const free: Schema = { type: 'object', additionalProperties: true };
export const texts: Schema = { type: 'array', items: text };
export const anything: Schema = {};
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const oneOf = (values: readonly string[]): Schema => ({ type: 'string', enum: [...values] });

/** An object whose names are all known; those marked with `?` may be absent. */
export function object(description: string, properties: Properties): Schema {
  const entries = Object.entries(properties);
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.flatMap(([name]) => (name.endsWith('?') ? [] : [name])),
    additionalProperties: false,
  };
}

export function list(of: string): Schema {
  return object('One page; the last one when `next_cursor` is null.', {
    items: { type: 'array', items: ref(of) },
    next_cursor: { type: ['string', 'null'] },
  });
}

export const thread = { conversation_id: text, correlation_id: text };
