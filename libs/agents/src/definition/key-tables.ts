/**
 * Keys of ours that are checked but that nothing reads yet: a file that has one loads with a warning. Whoever builds
 * one deletes its line.
 */
export const NOT_BUILT_YET = ['memory', 'budget', 'rate_limit', 'concurrency', 'circuit_breaker', 'schedules', 'on'];

/** Keys of the Python agents-gateway that Longhaul has nothing for: they warn, and the file loads. */
export const PYTHON_KEYS: ReadonlySet<string> = new Set(['scope', 'setup_schema', 'retrievers']);
