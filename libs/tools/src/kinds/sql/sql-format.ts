import { parametersOf, refusedByText } from '@longhaul/database';
import { isJsonObject, type JsonObject } from '@longhaul/kernel';
import { placeholderIssues } from '../../template/placeholder-issues';
import { ARGUMENTS_SCOPE } from '../../template/template-scope';
import type { ToolSettings } from '../../tools-options';
import type { KindIssue, ToolFormat } from '../tool-kind';
import { numbered } from './bound-query';
import { sqlSchema, type SqlToolOptions } from './sql-schema';

const DATABASE_URL = /^(?:postgres(?:ql)?:\/\/|sqlite:.)/;

/** Of a tool whose query the model writes. */
const WRITTEN_BY_MODEL: JsonObject = {
  type: 'object',
  properties: {
    query: { type: 'string', description: 'One SELECT; values stand as $1, $2… and are given in parameters' },
    parameters: {
      type: 'array',
      items: { type: ['string', 'number', 'boolean', 'null'] },
      description: 'The value of $1, of $2…',
    },
  },
  required: ['query'],
  additionalProperties: false,
};

/** What a tool of `kind: sql` may say, and what it is by itself. */
export const sqlFormat: ToolFormat<SqlToolOptions> = {
  kind: 'sql',
  schema: sqlSchema,

  usual: () => ({ effects: 'repeatable', tags: ['reads_private'] }),

  parameters: ({ query }) => (query === undefined ? WRITTEN_BY_MODEL : undefined),

  issues(own: SqlToolOptions, parameters: JsonObject): KindIssue[] {
    if (!own.url.includes('${') && !DATABASE_URL.test(own.url)) {
      // Not shown: it may hold a password.
      const hint = 'write postgres://user:password@host/name, or sqlite: and the path of a file';
      return [{ path: ['url'], message: 'is no URL of a database', hint }];
    }
    if (own.query !== undefined) return queryIssues(own.url, own.query, parameters);
    const { properties, required } = parameters;
    const isAsked = isJsonObject(properties) && 'query' in properties;
    if (isAsked && Array.isArray(required) && required.includes('query')) return [];
    const message = 'is missing, and parameters require no query from the model';
    return [{ path: ['query'], message, hint: 'write the query, or remove parameters to let the model write it' }];
  },

  whyUnavailable({ url }: SqlToolOptions, settings: ToolSettings): string | undefined {
    const expanded = settings.expand(url);
    if ('message' in expanded) return `sql.url: ${expanded.message}: ${expanded.hint}`;
    if (DATABASE_URL.test(expanded.value)) return undefined;
    return 'sql.url: is no postgres:// or sqlite: URL once its variables are filled in: mend the variable';
  },
};

function queryIssues(url: string, query: string, parameters: JsonObject): KindIssue[] {
  const path = ['query'];
  // What may be missing is NULL, and an object its JSON.
  const bad = placeholderIssues(query, ARGUMENTS_SCOPE, parameters).filter(
    ({ reason }) => reason === 'bad' || reason === 'absent',
  );
  if (bad.length > 0) return bad.map(({ message, hint }) => ({ path, message, hint }));
  const dialect = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
  const { sql, paths } = numbered(query);
  const refusal = refusedByText(sql, dialect);
  if (refusal !== null) return [{ path, message: refusal, hint: 'write one SELECT' }];
  if (String(parametersOf(sql, dialect)) === String(paths.map((_, index) => `$${index + 1}`))) return [];
  const message = 'a placeholder stands in a text or a comment, or the query has $1 of its own';
  return [{ path, message, hint: 'write {{args.x}} where a value stands, without quotes; || joins texts' }];
}
