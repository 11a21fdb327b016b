import type { Dialect } from '../dialect';
import { sqlWords } from './sql-words';

const MAX_LENGTH = 65_536;
const FIRST_WORDS = ['select', 'with', 'values'];

/**
 * What does more than read, or runs a text that nobody has looked at. The databases refuse what changes data by
 * themselves; these reach beside it: other sessions, files, locks, other servers.
 */
const FORBIDDEN = new RegExp(
  `^(?:${[
    'pg_(?:terminate|cancel)_backend|pg_(?:try_)?advisory_\\w+|pg_notify|pg_reload_conf|pg_rotate_\\w+|pg_promote',
    'pg_read_\\w+|pg_ls_\\w+|pg_stat_file|pg_stat_reset\\w*|pg_logical_\\w+|pg_replication_\\w+|pg_create_\\w+',
    'pg_drop_\\w+|pg_switch_\\w+|pg_wal_\\w+|pg_log_\\w+|pg_export_snapshot|pg_import_\\w+|pg_backup_\\w+',
    'lo_\\w+|set_config|setval|nextval|setseed|dblink\\w*',
    'query_to_\\w+|cursor_to_\\w+|ts_stat|ts_rewrite|database_to_\\w+|schema_to_\\w+',
    'load_extension|fts3_tokenizer|readfile|writefile|edit',
  ].join('|')})$`,
);

/** Why this text is not even sent, with the mend, or null. */
export function refusedByText(sql: string, dialect: Dialect['name']): string | null {
  if (sql.length > MAX_LENGTH) return `the query is longer than ${MAX_LENGTH} characters`;
  if (sql.includes('\0')) return 'the query holds a NUL character: leave it out';
  const words = sqlWords(sql, dialect);
  if (words === null) return 'a text, a quoted name or a comment in the query does not end: close it';
  const first = words[0]?.text;
  if (first === undefined) return 'the query is empty: write one SELECT';
  const semicolon = words.findIndex(({ text, isName }) => text === ';' && !isName);
  if (semicolon !== -1 && semicolon !== words.length - 1)
    return 'only one statement is run: leave out what follows the ;';
  if (!FIRST_WORDS.includes(first) && first !== '(') {
    return `${first.toUpperCase()} is not allowed: this tool only reads, by SELECT, WITH … SELECT or VALUES`;
  }
  if (words.some(({ text }) => text === 'u&'))
    return 'names and texts with U& are not allowed: write the characters themselves';
  const called = words.find(
    ({ text, isName }, index) => isName && words[index + 1]?.text === '(' && FORBIDDEN.test(text),
  );
  return called ? `${called.text}() is not allowed: it does more than read, leave it out` : null;
}
