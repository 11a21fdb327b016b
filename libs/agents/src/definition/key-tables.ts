/**
 * Keys of ours that are checked but that nothing reads yet: a file that has one loads with a warning. Whoever builds
 * one deletes its line.
 */
export const NOT_BUILT_YET = [
  'tools',
  'mcp_servers',
  'delegates_to',
  'memory',
  'limits.max_turns',
  'limits.max_tool_calls',
  'limits.max_tokens',
  'budget',
  'rate_limit',
  'concurrency',
  'circuit_breaker',
  'requires_approval',
  'schedules',
  'on',
];

/** Keys of the Python agents-gateway that Longhaul has nothing for: they warn, and the file loads. */
export const PYTHON_KEYS: ReadonlySet<string> = new Set(['scope', 'setup_schema', 'retrievers']);
