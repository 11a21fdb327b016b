/** The form of what people name and other systems must carry, such as a queue. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** The same as a sentence. */
export const NAME_RULE = 'lower-case letters, digits and dashes, at most 63, not starting with a dash';

/** The form of an agent's id, its directory's name: a name, and what the Python agents-gateway takes besides. */
export const AGENT_ID_PATTERN = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** The same as a sentence. */
export const AGENT_ID_RULE =
  'lower-case letters, digits, dashes and underscores, at most 64, starting with a letter or digit';

/** Most urgent first. */
export const PRIORITIES = ['high', 'default', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];
