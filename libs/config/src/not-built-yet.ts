import type { PlacedIssue } from './config-path';

/** Keys that are checked and typed but that nothing acts on yet. Whoever builds one deletes its line. */
const NOT_BUILT_YET = ['retention.executions_days', 'retention.events_days'];

/** The same within each of `profiles`. */
const LIMITS_NOT_BUILT_YET = ['max_turns', 'max_tool_calls', 'max_tokens'];

/** A warning for each such key that somebody set to something: nothing is accepted in silence. */
export function warnNotBuiltYet(isSet: (path: string[]) => boolean, profiles: string[]): PlacedIssue[] {
  const inProfiles = profiles.flatMap((name) => LIMITS_NOT_BUILT_YET.map((key) => ['profiles', name, key]));
  const paths = [...NOT_BUILT_YET.map((key) => key.split('.')), ...inProfiles];
  return paths.filter(isSet).map((at) => ({ at, message: 'is accepted but not used yet' }));
}
