import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(__dirname, '../../../dist/apps/cli/src/main.js');

/** `longhaul …` as a line of a shell, for what only a shell can do. */
export function spawnShell(line: string, env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const command = `"${process.execPath}" "${MAIN}" ${line}`;
    execFile('sh', ['-c', command], { env: { PATH: process.env['PATH'], ...env } }, (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
}

/** Whether `script`, which makes a terminal, is installed. */
export const hasTerminal = spawnSync('script', ['--version']).error === undefined;

/** The same on a terminal of its own, whose output is one stream; `typed` is what a person types there. */
export async function spawnOnTerminal(line: string, env: Record<string, string>, typed = ''): Promise<string> {
  const command = `"${process.execPath}" "${MAIN}" ${line}`;
  return new Promise((resolve, reject) => {
    const child = execFile(
      'script',
      ['-qec', command, '/dev/null'],
      { env: { PATH: process.env['PATH'], TERM: 'xterm', ...env } },
      (error, stdout) => {
        if (error) reject(error);
        else resolve(stdout);
      },
    );
    child.stdin?.end(typed);
  });
}
