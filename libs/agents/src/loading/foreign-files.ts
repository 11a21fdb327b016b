import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';

/** Files that older releases of the Python agents-gateway read, and where their text belongs now. */
const OLD_FILES: Readonly<Record<string, string>> = {
  'CONFIG.md': 'move its keys into the front matter of AGENT.md',
  'SOUL.md': 'move its text into BEHAVIOR.md',
};

/** `directory` is `agents` or `agents/<id>`. */
export function oldFiles(workspace: string, directory: string): Issue[] {
  const names = Object.entries(OLD_FILES).filter(([name]) => existsSync(join(workspace, directory, name)));
  return names.map(([name, hint]) => ({ path: `${directory}/${name}`, message: 'is not read', hint }));
}
