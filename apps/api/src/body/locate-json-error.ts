/** Where a text stops being JSON, counted from 1, and what stands there. */
export interface JsonErrorPlace {
  line: number;
  column: number;
  found: string;
}

const BLANK = /[ \t\n\r]*/y;
const TOKEN =
  /[{}[\]:,]|true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|"[^"\\\p{Cc}]*(?:(?:[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))[^"\\\p{Cc}]*)*"/uy;

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'end of text';

/**
 * Walks the text, token by token, up to the first that no JSON can have there. `JSON.parse` names the place in some of
 * its messages only. For texts that `JSON.parse` refused; does not recurse, whatever the depth.
 */
export function locateJsonError(text: string): JsonErrorPlace {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    BLANK.lastIndex = at;
    at += BLANK.exec(text)?.[0].length ?? 0;
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    const next: Expected | undefined = token === undefined ? undefined : step(token, expected, open);
    if (token === undefined || next === undefined) return placeOf(text, at);
    expected = next;
    at += token.length;
  }
}

/** What may follow the token, or undefined when it may not stand here. Keeps `open` up to date. */
function step(token: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const inside = open.at(-1);
  switch (token) {
    case '{':
    case '[':
      if (expected !== 'value' && expected !== 'value or end') return undefined;
      open.push(token);
      return token === '{' ? 'key or end' : 'value or end';
    case '}':
    case ']': {
      const mayEnd = expected === 'comma or end' || expected === (token === '}' ? 'key or end' : 'value or end');
      if (!mayEnd || inside !== (token === '}' ? '{' : '[')) return undefined;
      open.pop();
      return afterValue(open);
    }
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    case ',':
      if (expected !== 'comma or end') return undefined;
      return inside === '{' ? 'key' : 'value';
    default:
      if (expected === 'key' || expected === 'key or end') return token.startsWith('"') ? 'colon' : undefined;
      return expected === 'value' || expected === 'value or end' ? afterValue(open) : undefined;
  }
}

function afterValue(open: unknown[]): Expected {
  return open.length === 0 ? 'end of text' : 'comma or end';
}

function placeOf(text: string, at: number): JsonErrorPlace {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return {
    line,
    column: at - before.lastIndexOf('\n'),
    found: at >= text.length ? 'the end' : JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0)),
  };
}
