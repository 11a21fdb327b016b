import { createHash } from 'node:crypto';

/** The form of a tool's name. Two underscores in a row stand between an MCP server and its tool. */
export const TOOL_NAME_PATTERN = /^(?!.*__)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The same as a sentence. */
export const TOOL_NAME_RULE =
  'letters, digits, dashes and single underscores, at most 64, starting with a letter or digit';

/** What models' providers take as the name of a function. */
const MAX_CHARS = 64;

/** The name, or where it is too long the beginning of it and eight digits made of `whole`. */
export function fittingName(name: string, whole: string): string {
  if (name.length <= MAX_CHARS) return name;
  const digits = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${name.slice(0, MAX_CHARS - digits.length - 1)}_${digits}`;
}
