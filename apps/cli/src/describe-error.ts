import { LonghaulApiError, LonghaulConnectionError, LonghaulTimeoutError } from '@longhaul/client';
import type { ConfigurationError } from '@longhaul/kernel';
import { commandName } from './command-name';
import { EXIT, type ExitCode } from './exit-codes';
import { plain } from './terminal/plain';
import { UsageError } from './usage-error';

export interface Description {
  lines: string[];
  exitCode: ExitCode;
}

/** What a person reads of an error, and what a script does. */
export function describeError(error: unknown): Description {
  if (error instanceof LonghaulConnectionError) return describeConnection(error);
  if (error instanceof LonghaulApiError) return describeRefusal(error);
  const message = `longhaul: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof LonghaulTimeoutError) return describeTimeout(error, message);
  const isUsage = error instanceof UsageError || isConfigurationError(error);
  return { lines: [message, ...hintOf(error)], exitCode: isUsage ? EXIT.usage : EXIT.failed };
}

/** What SQLite says is short. */
function hintOf(error: unknown): string[] {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))) return [];
  return [
    '  another process holds the lock of the SQLite file (persistence.url): one that is stopped, or a copy under way',
  ];
}

function describeConnection(error: LonghaulConnectionError): Description {
  const origin = URL.canParse(error.url) ? new URL(error.url).origin : error.url;
  const lines = [
    `longhaul: no gateway answers at ${origin}: ${error.reason}`,
    `  start one with: ${commandName()} serve --workspace <folder>`,
    '  or name another one: --url or LONGHAUL_URL',
  ];
  return { lines, exitCode: EXIT.unreachable };
}

function describeRefusal(error: LonghaulApiError): Description {
  const lines = [`longhaul: ${error.message} (${error.status} ${error.code})`];
  for (const { path, message, hint } of error.errors) {
    // Of one alone, the detail mostly says all.
    if (hint === undefined && error.message.endsWith(message)) continue;
    lines.push(`  ${path}: ${message}${hint === undefined ? '' : `; ${hint}`}`);
  }
  if (error.status === 401) lines.push('  the key is read from LONGHAUL_API_KEY');
  if (error.status === 403) lines.push('  the key in LONGHAUL_API_KEY has not the scope');
  if (error.retryAfterS !== undefined) lines.push(`  try again in ${error.retryAfterS} s`);
  if (error.executionId !== undefined) lines.push(`  execution ${error.executionId}`);
  // It may repeat what an agent said.
  return { lines: lines.map(plain), exitCode: exitCodeOf(error.status) };
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  return [400, 401, 403, 413, 415, 422].includes(status) ? EXIT.usage : EXIT.failed;
}

function describeTimeout({ execution }: LonghaulTimeoutError, message: string): Description {
  const lines = [message, `  it goes on; watch it with: ${commandName()} watch ${execution.execution_id}`];
  return { lines, exitCode: EXIT.timeout };
}

/** By its code: importing the class would load the gateway's libs, and refuse an older Node. */
function isConfigurationError(error: unknown): boolean {
  const code: ConfigurationError['code'] = 'invalid_configuration';
  return error instanceof Error && 'code' in error && error.code === code;
}
