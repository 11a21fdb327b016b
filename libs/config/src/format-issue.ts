import type { Issue } from '@longhaul/kernel';

/** One line for people: where, what, the mend. */
export function formatIssue({ path, message, hint }: Issue): string {
  return `${path}: ${message}${hint === undefined ? '' : `; ${hint}`}`;
}

/** The text of a `ConfigurationError`: complete by itself, one line an issue. */
export function formatIssues(issues: readonly Issue[]): string {
  const lines = issues.map(formatIssue);
  if (lines.length === 1) return lines.join('');
  return [`the configuration has ${lines.length} problems`, ...lines].join('\n  ');
}
