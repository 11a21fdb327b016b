/** Thrown by commands: what they were told cannot be done. The message names the flag and the mend; exit code 2. */
export class UsageError extends Error {}
