import { PermanentError, type Issue } from '@longhaul/kernel';

/** An agent's output does not fit its `output_schema`. The issues' paths begin with `output`; `mend` is what may help. */
export function outputInvalid(agentId: string, issues: Issue[], mend?: string): PermanentError {
  const [first] = issues;
  const more = issues.length > 1 ? `, and ${issues.length - 1} more: see details.issues` : '';
  const hint = mend === undefined ? '' : `; ${mend}`;
  const message = `the output of agent "${agentId}" does not fit its output_schema: ${first?.path}: ${first?.message}${more}${hint}`;
  const details = { issues: issues.map(({ path, message: what }) => ({ path, message: what })) };
  return new PermanentError(message, { code: 'output_invalid', details });
}
