import { constants } from 'node:os';
import { LonghaulError } from '@longhaul/kernel';
import type { CommandExit } from './command-process';

/** What a command hands back that ended by itself; `signal` is there when one ended it. */
export type CommandOutput = {
  exit_code: number | null;
  signal?: NodeJS.Signals;
  stdout_tail: string;
  stderr_tail: string;
};

/** Also the details of a failure. */
export function outputOf({ exitCode, signal }: CommandExit, tails: { stdout: string; stderr: string }): CommandOutput {
  return {
    exit_code: exitCode,
    ...(signal === null ? {} : { signal }),
    stdout_tail: tails.stdout,
    stderr_tail: tails.stderr,
  };
}

/** Why the run failed; undefined after exit code 0. Retryable only after the exit codes that the agent names. */
export function failureOf(
  program: string,
  exit: CommandExit,
  output: CommandOutput,
  retryCodes: readonly number[] = [],
) {
  const { exitCode, signal } = exit;
  if (exitCode === 0) return undefined;
  const code = exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}, not by the gateway`;
  const last = lastLine(output.stderr_tail) ?? lastLine(output.stdout_tail);
  const message = `${program} ${how}${last === undefined ? '' : `: ${last}`}`;
  return new LonghaulError('command_failed', message, { retryable: retryCodes.includes(code), details: output });
}

/** The last line that says something: closing brackets and rulers do not. */
function lastLine(text: string): string | undefined {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  return lines.findLast((line) => /\p{L}{2}/u.test(line))?.slice(0, 200);
}
