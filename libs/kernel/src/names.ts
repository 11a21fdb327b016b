/** The form of what people name and other systems must carry: an agent's id (its directory's name), a queue. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** The same as a sentence. */
export const NAME_RULE = 'lower-case letters, digits and dashes, at most 63, not starting with a dash';

/** Most urgent first. */
export const PRIORITIES = ['high', 'default', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];
