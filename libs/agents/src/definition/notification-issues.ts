import { NO_CHANNELS, targetProblem } from '@longhaul/config';
import type { Issue } from '@longhaul/kernel';
import type { AgentDefaults, AgentDefinition } from './agent-definition';
import { KEYS } from './notifications-schema';

/**
 * What of `notifications` cannot be told in this gateway; `path`: where the agent says it. A channel that nobody has is a
 * problem. One that gateway.yaml does not configure is not: the agent does its work all the same.
 */
export function notificationIssues(
  { notifications }: AgentDefinition,
  { channels = NO_CHANNELS, webhookTargetIssue }: Pick<AgentDefaults, 'channels' | 'webhookTargetIssue'>,
  path: (...key: string[]) => string,
): { problems: Issue[]; warnings: Issue[] } {
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  for (const [end, key] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    for (const { at, ...target } of notifications[end] ?? []) {
      const place = path('notifications', key, ...at.map(String));
      const problem = targetProblem(target, channels);
      const refused = !problem || problem.kind === 'template' ? webhookTargetIssue?.(target, place) : null;
      if (refused) warnings.push({ ...refused, message: `notifications.${key}: ${refused.message}: nobody is told` });
      if (!problem) continue;
      const { kind, message, hint } = problem;
      const then = kind === 'template' ? 'the built-in text is sent' : 'nobody is told';
      if (kind === 'unknown') problems.push({ path: place, message: `notifications.${key}: ${message}`, hint });
      else warnings.push({ path: place, message: `notifications.${key}: ${message}: ${then}`, hint });
    }
  }
  return { problems, warnings };
}
