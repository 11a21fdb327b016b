import { EXIT, type ExitCode } from '../exit-codes';

/**
 * Runs until Ctrl-C: the first one ends the action, never the execution, and says `farewell`; a second one ends the
 * process at once.
 */
export async function interruptible(
  action: (signal: AbortSignal) => Promise<ExitCode>,
  farewell: () => string[],
): Promise<ExitCode> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', interrupt);
  try {
    return await action(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    for (const line of farewell()) console.error(line);
    return EXIT.interrupted;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
