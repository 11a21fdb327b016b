import { readdirSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import { asFileError, isThere, readWorkspaceFile, WorkspaceFileError } from '@longhaul/tools';
import type { AgentFile } from './parse-agent-file';

const MAX_FILE_BYTES = 256 * 1024;

export interface ContextFile {
  /** Relative to the workspace, with `/`. */
  file: string;
  text: string;
}

/**
 * What an agent knows beforehand: the files that `context` lists, in that order, then `agents/<id>/context/*.md` by
 * name; none twice. A file that cannot be read is a problem at its line of the list, or at itself.
 */
export function readContextFiles(workspace: string, agent: AgentFile): { files: ContextFile[]; problems: Issue[] } {
  const files = new Map<string, ContextFile>();
  const problems: Issue[] = [];
  const read = (file: string, issue: (error: WorkspaceFileError) => Issue) => {
    try {
      const { text, realPath } = readContextFile(workspace, file);
      if (!files.has(realPath)) files.set(realPath, { file: normalize(file), text: text.trim() });
    } catch (error) {
      problems.push(issue(asFileError(error)));
    }
  };
  for (const [index, file] of (agent.frontMatter.context ?? []).entries()) {
    const path = agent.at('context', String(index));
    read(file, ({ message, hint }) => ({ path, message: `context[${index}]: ${file} ${message}`, hint }));
  }
  const folder = `agents/${agent.id}/context`;
  try {
    for (const file of markdownIn(workspace, folder)) {
      read(file, ({ line, message, hint }) => ({ path: `${file}:${line}`, message, hint }));
    }
  } catch (error) {
    const { message, hint } = asFileError(error);
    problems.push({ path: folder, message, hint });
  }
  return { files: [...files.values()], problems };
}

function markdownIn(workspace: string, directory: string): string[] {
  if (!isThere(join(workspace, directory))) return [];
  const names = readdirSync(join(workspace, directory)).filter((name) => name.endsWith('.md') && !name.startsWith('.'));
  return names.sort().map((name) => `${directory}/${name}`);
}

function readContextFile(workspace: string, file: string) {
  if (file.includes('\0')) throw new WorkspaceFileError(1, 'holds a NUL, which no path does', 'write the path anew');
  if (leadsOut(file))
    throw new WorkspaceFileError(1, 'leads out of the workspace', 'write a path below it, without ..');
  const path = join(workspace, file);
  if (!isThere(path)) throw new WorkspaceFileError(1, 'is not there', 'paths are relative to the workspace');
  const read = readWorkspaceFile(workspace, path, MAX_FILE_BYTES);
  if (isPrivate(read.realPath)) {
    throw new WorkspaceFileError(1, 'may hold secrets, and a model repeats what it is told', 'name another file');
  }
  return read;
}

/** By its name alone; where links lead shows when it is read. */
export function leadsOut(file: string): boolean {
  return isAbsolute(file) || normalize(file).split('/')[0] === '..';
}

/** The gateway's own settings, and hidden files such as `.env`. */
function isPrivate(path: string): boolean {
  return path === 'gateway.yaml' || path.split('/').some((part) => part.startsWith('.'));
}
