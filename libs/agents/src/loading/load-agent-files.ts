import { NAME_PATTERN, NAME_RULE } from '@longhaul/kernel';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import { FILES_NOT_BUILT_YET } from '../definition/key-tables';
import { AgentFileError } from './agent-file-error';
import { parseAgentFile, type AgentFile, type ParsedAgentFile } from './parse-agent-file';
import { readAgentFile } from './read-agent-file';

export type { AgentFile } from './parse-agent-file';

export interface AgentFiles {
  /** Those that load, by id. */
  agents: AgentFile[];
  /** Ids whose AGENT.md does not load. */
  broken: ReadonlySet<string>;
  problems: Issue[];
  warnings: Issue[];
}

/**
 * Reads `<workspace>/agents/<id>/AGENT.md`, each by itself: one that does not load is a problem and stops no other.
 * Paths in issues are `agents/<id>/AGENT.md:<line>`. Synchronous: for start-up and the command line.
 */
export function loadAgentFiles(workspace: string): AgentFiles {
  const directory = join(workspace, 'agents');
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  const agents: AgentFile[] = [];
  const broken = new Set<string>();
  if (!existsSync(directory)) {
    const hint = 'make agents/<id>/AGENT.md, or serve another directory with --workspace';
    return { agents, broken, problems, warnings: [{ path: 'agents', message: `is not in ${workspace}`, hint }] };
  }
  warnings.push(...unusedFiles(directory, 'agents', FILES_NOT_BUILT_YET.shared));
  for (const id of directoriesOf(directory)) {
    const file = `agents/${id}/AGENT.md`;
    const result = loadOne(workspace, directory, id, file);
    warnings.push(...result.warnings);
    if (result.ok) {
      agents.push(result.agent);
      warnings.push(...unusedFiles(join(directory, id), `agents/${id}`, FILES_NOT_BUILT_YET.agent));
    } else {
      problems.push(...result.problems);
      if (result.problems.length > 0) broken.add(id);
    }
  }
  return { agents, broken, problems, warnings };
}

/** Directories and links (a link is judged when its file is read); hidden ones are nobody's agent. */
function directoriesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => !FILES_NOT_BUILT_YET.shared.includes(name))
    .sort();
}

function loadOne(workspace: string, directory: string, id: string, file: string): ParsedAgentFile {
  const path = join(directory, id, 'AGENT.md');
  try {
    // lstat, not exists: a link whose target is gone is an error, not an absence.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return { ok: false, ...missing(id) };
    if (!NAME_PATTERN.test(id)) {
      throw new AgentFileError(1, `"${id}" cannot be an agent's id`, `rename the directory: ${NAME_RULE}`);
    }
    return parseAgentFile(id, file, readAgentFile(workspace, path));
  } catch (error) {
    const { line, message, hint } = error instanceof AgentFileError ? error : unreadable(error);
    return { ok: false, problems: [{ path: `${file}:${line}`, message, hint }], warnings: [] };
  }
}

/** A directory without AGENT.md runs nothing, and breaks nothing either. */
function missing(id: string): { problems: Issue[]; warnings: Issue[] } {
  const hint = 'add the file, or remove the directory';
  return { problems: [], warnings: [{ path: `agents/${id}`, message: 'has no AGENT.md', hint }] };
}

/** What the operating system says (no permission, no such device) belongs to this file alone as well. */
function unreadable(error: unknown): AgentFileError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AgentFileError(1, `cannot be read: ${reason}`, 'check its permissions');
}

function unusedFiles(directory: string, path: string, names: readonly string[]): Issue[] {
  return names
    .filter((name) => existsSync(join(directory, name)))
    .map((name) => ({
      path: `${path}/${name}`,
      message: 'is accepted but not used yet',
      hint: 'put what matters into AGENT.md',
    }));
}
