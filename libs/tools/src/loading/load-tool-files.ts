import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import {
  asFileError,
  isThere,
  MAX_FRONT_MATTER_FILE_BYTES,
  readWorkspaceFile,
} from '../front-matter/read-workspace-file';
import { WorkspaceFileError } from '../front-matter/workspace-file-error';
import { TOOL_NAME_PATTERN, TOOL_NAME_RULE } from '../tool-name';
import { type ParsedToolFile, parseToolFile, type ToolFile } from './parse-tool-file';

export interface ToolFiles {
  /** Those that load, by name. */
  tools: ToolFile[];
  problems: Issue[];
  warnings: Issue[];
}

/**
 * Reads `<workspace>/tools/<name>/TOOL.md`, each by itself: one that does not load is a problem and stops no other. Paths
 * in issues are `tools/<name>/TOOL.md:<line>`. Synchronous: for start-up and the command line.
 */
export function loadToolFiles(workspace: string): ToolFiles {
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  const tools: ToolFile[] = [];
  for (const name of directoriesOf(join(workspace, 'tools'), problems)) {
    const file = `tools/${name}/TOOL.md`;
    const isPython = isThere(join(workspace, 'tools', name, 'handler.py'));
    if (isPython || !isThere(join(workspace, file))) {
      warnings.push(isPython ? python(name) : missing(name));
      continue;
    }
    const parsed = loadOne(workspace, name, file);
    problems.push(...parsed.problems);
    warnings.push(...parsed.warnings);
    if (parsed.tool) tools.push(parsed.tool);
  }
  return { tools, problems, warnings };
}

/** Directories and links (a link is judged when its file is read); hidden ones are nobody's tool. */
function directoriesOf(directory: string, problems: Issue[]): string[] {
  try {
    if (!isThere(directory)) return [];
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const { message, hint } = asFileError(error);
    problems.push({ path: 'tools', message, hint });
    return [];
  }
}

function loadOne(workspace: string, name: string, file: string): ParsedToolFile {
  try {
    if (!TOOL_NAME_PATTERN.test(name)) {
      throw new WorkspaceFileError(1, `"${name}" cannot be a tool's name`, `rename the directory: ${TOOL_NAME_RULE}`);
    }
    const { text } = readWorkspaceFile(workspace, join(workspace, file), MAX_FRONT_MATTER_FILE_BYTES);
    return parseToolFile(name, file, text);
  } catch (error) {
    const { line, message, hint } = asFileError(error);
    return { problems: [{ path: `${file}:${line}`, message, hint }], warnings: [] };
  }
}

/** What is written in Python stays so: its TOOL.md says what another gateway would run. */
function python(name: string): Issue {
  const hint = 'offer it over HTTP, or as a program, by a TOOL.md of its own';
  return { path: `tools/${name}/handler.py`, message: 'is Python, which the gateway does not run', hint };
}

/** A directory without TOOL.md offers nothing, and breaks nothing either. */
function missing(name: string): Issue {
  return { path: `tools/${name}`, message: 'has no TOOL.md', hint: 'add the file, or remove the directory' };
}
