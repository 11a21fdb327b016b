import { realpath, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { type ErrorCode, PermanentError } from '@longhaul/kernel';

interface Whereabouts {
  workspace: string;
  file: string | null;
  cwd: string | undefined;
  unavailable: ErrorCode;
}

/**
 * Where a command runs: `cwd` below the workspace, else the directory of its AGENT.md or TOOL.md, links followed.
 * Throws `unavailable`, for good, when it is not there, is no directory, or lies outside of the workspace.
 */
export async function workingDirectory({ workspace, file, cwd, unavailable }: Whereabouts): Promise<string> {
  const refused = (path: string, message: string) =>
    new PermanentError(`command.cwd "${path}" ${message}`, { code: unavailable });
  const root = await realpath(workspace);
  const wanted = cwd ?? (file === null ? '.' : dirname(file));
  const found = await realpath(join(root, wanted)).catch(() => undefined);
  if (found === undefined) throw refused(wanted, 'is not there: make the directory, or correct the path');
  if (found !== root && !found.startsWith(root + sep)) {
    throw refused(wanted, 'leads out of the workspace: move it into the workspace, commands run nowhere else');
  }
  if (!(await stat(found)).isDirectory()) throw refused(wanted, 'is not a directory: name the one that holds it');
  return found;
}
