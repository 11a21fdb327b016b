/** The form of an agent's id (its directory's name) and of a queue's name. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** The same as a sentence. */
export const NAME_RULE = 'lower-case letters, digits and dashes, at most 63, not starting with a dash';
