import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import { asFileError } from '@longhaul/tools';

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

/** `skills/`: agents load without them. What is written in Python stays so. */
export function unusedFolders(workspace: string): Issue[] {
  return unused(workspace, 'skills', 'SKILL.md');
}

function unused(workspace: string, folder: string, file: string): Issue[] {
  const directory = join(workspace, folder);
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory)
      .filter((id) => !id.startsWith('.') && existsSync(join(directory, id, file)))
      .sort()
      .map((id) => unusedOne(workspace, `${folder}/${id}`, file));
  } catch (error) {
    const { message, hint } = asFileError(error);
    return [{ path: folder, message, hint }];
  }
}

function unusedOne(workspace: string, directory: string, file: string): Issue {
  if (existsSync(join(workspace, directory, 'handler.py'))) {
    const hint = 'offer it over HTTP, or as a program';
    return { path: `${directory}/handler.py`, message: 'is Python, which the gateway does not run', hint };
  }
  const path = `${directory}/${file}`;
  return { path, message: 'is accepted but not used yet', hint: 'agents run without it' };
}
