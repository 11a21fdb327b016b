import type { Issue } from '@longhaul/kernel';
import type { AgentDefinition } from './agent-definition';

/** `path`: where the agent says it, of a key in its front matter. */
export function limitIssues({ limits }: AgentDefinition, path: (...key: string[]) => string): Issue[] {
  const { softTimeoutS, timeoutS } = limits;
  if (softTimeoutS === undefined || softTimeoutS < timeoutS) return [];
  const message = `soft_timeout_s of ${softTimeoutS} is not less than timeout_s of ${timeoutS}, which ends the run for good`;
  return [{ path: path('limits', 'soft_timeout_s'), message, hint: 'lower it, or raise limits.timeout_s' }];
}

export function limitWarnings({ limits, frontMatter }: AgentDefinition, path: (...key: string[]) => string): Issue[] {
  const written = frontMatter.limits?.idle_timeout_s;
  if (written === undefined || written < limits.timeoutS) return [];
  const message = `idle_timeout_s of ${written} never acts: timeout_s of ${limits.timeoutS} ends the run before`;
  return [{ path: path('limits', 'idle_timeout_s'), message, hint: 'lower it, or remove it' }];
}
