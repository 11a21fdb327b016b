import type { ExitCode } from './exit-codes';

/** Runs a command to its end: what it answers, or what its error stands for, becomes the exit code. */
export async function exitOnError(action: () => Promise<ExitCode | void>): Promise<void> {
  try {
    process.exitCode = (await action()) ?? 0;
  } catch (error) {
    // Loaded now: it knows the client's errors.
    const { describeError } = require('./describe-error') as typeof import('./describe-error');
    const { lines, exitCode } = describeError(error);
    for (const line of lines) console.error(line);
    process.exit(exitCode);
  }
}

/** A command that only talks to a gateway: `| head` may close its output at any time. */
export function asClient(action: () => Promise<ExitCode>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return exitOnError(action);
}
