import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { type ErrorCode, PermanentError } from '@longhaul/kernel';

/** Where programs are looked for when the command's environment has no PATH. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The file to execute: a name with a slash is a path from the working directory, another one is looked up in the PATH
 * that the command gets. Throws `unavailable`, for good, when there is none or it may not be executed.
 */
export async function findProgram(
  program: string,
  { cwd, path = DEFAULT_PATH, unavailable }: { cwd: string; path: string | undefined; unavailable: ErrorCode },
): Promise<string> {
  if (program.includes('/')) {
    const file = resolve(cwd, program);
    const problem = await whyNot(file);
    if (problem === undefined) return file;
    throw refused(`"${program}" (${file}) ${problem}`, unavailable);
  }
  const candidates = path.split(delimiter).map((directory) => resolve(cwd, directory, program));
  const problems = await Promise.all(candidates.map(whyNot));
  const found = candidates.find((_, index) => problems[index] === undefined);
  if (found !== undefined) return found;
  const mend = 'install it, write its path, or let the PATH of the gateway through with command.env_allow: [PATH]';
  throw refused(`"${program}" was not found in PATH (${path}): ${mend}`, unavailable);
}

async function whyNot(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return 'is not there: a path is taken from command.cwd, correct it or install the program';
  if (!found.isFile()) return 'is not a file: name a program';
  const executable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  return executable ? undefined : 'may not be executed: chmod +x it, or name its interpreter first';
}

function refused(message: string, code: ErrorCode): PermanentError {
  return new PermanentError(`command.argv[0]: ${message}`, { code });
}
