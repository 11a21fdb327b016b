import type { PlacedIssue } from './config-path';

/** Keys of each of `profiles` that are checked and typed but that nothing acts on yet. Whoever builds one deletes its name. */
const LIMITS_NOT_BUILT_YET = ['max_turns', 'max_tool_calls', 'max_tokens'];

/** A warning for each such key that somebody set to something: nothing is accepted in silence. */
export function warnNotBuiltYet(isSet: (path: string[]) => boolean, profiles: string[]): PlacedIssue[] {
  const paths = profiles.flatMap((name) => LIMITS_NOT_BUILT_YET.map((key) => ['profiles', name, key]));
  return paths.filter(isSet).map((at) => ({ at, message: 'is accepted but not used yet' }));
}
