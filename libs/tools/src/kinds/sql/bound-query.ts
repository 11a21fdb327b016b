import type { SqlValue } from '@longhaul/database';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { parseTemplate } from '../../template/template';
import { ARGUMENTS_SCOPE, type TemplateValues, templateValues } from '../../template/template-scope';

export interface BoundQuery {
  sql: string;
  params: SqlValue[];
}

/** The query with `$1`, `$2`… for its placeholders: what a model says never becomes a part of it. */
export function numbered(template: string): { sql: string; paths: string[][] } {
  const paths: string[][] = [];
  const texts = parseTemplate(template, ARGUMENTS_SCOPE).map((part) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'bad') return part.source;
    paths.push(part.path);
    return `$${paths.length}`;
  });
  return { sql: texts.join(''), paths };
}

/** The query that the file has, with the arguments of this call; what is missing is NULL. */
export function fixedQuery(template: string, args: JsonObject, schema: JsonObject): BoundQuery {
  const { sql, paths } = numbered(template);
  const values: TemplateValues = templateValues(ARGUMENTS_SCOPE, args, schema);
  return { sql, params: paths.map((path) => sqlValue(values.read(path))) };
}

/** The query that the model wrote, which the schema of the arguments has made sure to be there. */
export function writtenQuery({ query, parameters }: JsonObject): BoundQuery {
  return {
    sql: typeof query === 'string' ? query : '',
    params: Array.isArray(parameters) ? parameters.map(sqlValue) : [],
  };
}

/** Lists and objects go as their JSON. */
function sqlValue(value: JsonValue | undefined): SqlValue {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
