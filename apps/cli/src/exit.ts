import { ConfigurationError } from '@longhaul/kernel';

/** Exit codes, fixed: 1 = it failed, 2 = what it was told is wrong (a flag, a file, the environment). */
export async function exitOnError(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    console.error(`longhaul: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(error instanceof ConfigurationError ? 2 : 1);
  }
}
