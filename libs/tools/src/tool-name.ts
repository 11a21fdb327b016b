/** The form of a tool's name. Two underscores in a row stand between an MCP server and its tool. */
export const TOOL_NAME_PATTERN = /^(?!.*__)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The same as a sentence. */
export const TOOL_NAME_RULE =
  'letters, digits, dashes and single underscores, at most 64, starting with a letter or digit';
