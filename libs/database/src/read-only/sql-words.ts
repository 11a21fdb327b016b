import type { Dialect } from '../dialect';

/** A word, a quoted name (without its quotes, lower case) or a sign; texts and comments are left out. */
export interface SqlWord {
  text: string;
  isName: boolean;
}

const COMMON = [
  /(?<space>\s+)/,
  /(?<name>[\p{L}_][\p{L}\p{N}_$]*)/u,
  /"(?<quoted>(?:[^"]|"")*)"/,
  /(?<param>\$\d+)/,
  /(?<number>\d[\w.]*)/,
];
const POSTGRES = [
  // A carriage return ends it, too, and only here.
  /(?<comment>--[^\n\r]*)/,
  /(?<escaped>[uU]&(?=["']))/,
  /(?<text>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?<tag>(?:[\p{L}_][\p{L}\p{N}_]*)?)\$.*?\$\k<tag>\$)/su,
];
const SQLITE = [
  /(?<comment>--[^\n]*)/,
  /(?<text>'(?:[^']|'')*')/,
  /\[(?<bracketed>[^\]]*)\]/,
  /`(?<backquoted>(?:[^`]|``)*)`/,
];

const LEXERS: Record<Dialect['name'], RegExp> = {
  postgres: lexer([...POSTGRES, ...COMMON]),
  sqlite: lexer([...SQLITE, ...COMMON]),
};

function lexer(parts: RegExp[]): RegExp {
  return new RegExp(`${parts.map(({ source }) => source).join('|')}|(?<sign>.)`, 'suy');
}

/**
 * The words of a statement, near enough to tell a word from what stands in a text or a comment. Null where one of
 * those does not end.
 */
export function sqlWords(sql: string, dialect: Dialect['name']): SqlWord[] | null {
  const words: SqlWord[] = [];
  const pattern = LEXERS[dialect];
  for (let at = 0; at < sql.length;) {
    if (sql.startsWith('/*', at)) {
      const end = endOfComment(sql, at, dialect === 'postgres');
      if (end === null) return null;
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const found = pattern.exec(sql);
    if (!found) return null;
    at += found[0].length;
    const { space, comment, text, name, quoted, bracketed, backquoted } = found.groups ?? {};
    if (space !== undefined || comment !== undefined || text !== undefined) continue;
    const named = name ?? quoted ?? bracketed ?? backquoted;
    const word = named ?? found[0];
    if (named === undefined && /['"`]/.test(word)) return null;
    words.push({ text: word.toLowerCase(), isName: named !== undefined });
  }
  return words;
}

/** `$1`, `$2`… in the order in which they stand. */
export function parametersOf(sql: string, dialect: Dialect['name']): string[] {
  const words = sqlWords(sql, dialect) ?? [];
  return words.flatMap(({ text, isName }) => (!isName && /^\$\d/.test(text) ? [text] : []));
}

/** PostgreSQL's comments have comments inside, SQLite's do not. */
function endOfComment(sql: string, start: number, nests: boolean): number | null {
  let depth = 1;
  for (let at = start + 2; at < sql.length; at += 1) {
    if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 1;
      if (depth === 0) return at + 1;
    } else if (nests && sql.startsWith('/*', at)) {
      depth += 1;
      at += 1;
    }
  }
  return null;
}
