import type { ConfigurationError } from '@longhaul/kernel';

/** Exit codes, fixed: 1 = it failed, 2 = what it was told is wrong (a flag, a file, the environment). */
export async function exitOnError(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    console.error(`longhaul: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(isConfigurationError(error) ? 2 : 1);
  }
}

/** By its code: importing the class would load the gateway's libs, and refuse an older Node. */
function isConfigurationError(error: unknown): boolean {
  const code: ConfigurationError['code'] = 'invalid_configuration';
  return error instanceof Error && 'code' in error && error.code === code;
}
