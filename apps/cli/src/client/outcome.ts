import type { Execution } from '@longhaul/client';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';

/** The exit code of an execution that has ended. */
export function exitCodeOf({ status }: Pick<Execution, 'status'>): ExitCode {
  return status === 'completed' ? EXIT.ok : EXIT.failed;
}

/** What a person wants of a result: the text of an answer as it is, anything else as JSON. */
export function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (typeof output === 'object' && output !== null && 'text' in output && typeof output.text === 'string')
    return output.text;
  return JSON.stringify(output ?? null, null, 2);
}

/** `exec_… failed: why (code)`, for stderr. */
export function failureLine({ execution_id, status, error }: Execution): string {
  if (status === 'cancelled') return `longhaul: ${execution_id} was cancelled`;
  return `longhaul: ${execution_id} failed: ${error ? plain(`${error.message} (${error.code})`) : 'no reason given'}`;
}
