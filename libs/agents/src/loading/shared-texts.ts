import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import {
  asFileError,
  isThere,
  MAX_FRONT_MATTER_FILE_BYTES,
  readWorkspaceFile,
  splitFrontMatter,
} from '@longhaul/tools';

/** The names that are no agent's directory: what every agent is told. */
export const SHARED_FILES = ['AGENTS.md', 'BEHAVIOR.md'] as const;

/** The text of `AGENTS.md` and `BEHAVIOR.md` of one directory, trimmed and without front matter. Empty = none. */
export interface SharedTexts {
  instructions: string;
  behavior: string;
  problems: Issue[];
}

/**
 * What `agents/` says to all. When one of the files cannot be read, no model is asked anything: guardrails that are
 * meant for everybody must not be lost in silence.
 */
export function readSharedTexts(workspace: string): SharedTexts {
  const problems: Issue[] = [];
  const [instructions = '', behavior = ''] = SHARED_FILES.map((name) => {
    const { text, problem } = readProse(workspace, `agents/${name}`);
    if (problem) problems.push({ ...problem, message: `${problem.message}: no agent with a model loads without it` });
    return text;
  });
  return { instructions, behavior, problems };
}

/** A file of plain instructions that may be missing; `file` is relative to the workspace. */
export function readProse(workspace: string, file: string): { text: string; problem?: Issue } {
  const path = join(workspace, file);
  try {
    if (!isThere(path)) return { text: '' };
    return { text: splitFrontMatter(readWorkspaceFile(workspace, path, MAX_FRONT_MATTER_FILE_BYTES).text).body };
  } catch (error) {
    const { line, message, hint } = asFileError(error);
    return { text: '', problem: { path: `${file}:${line}`, message, hint } };
  }
}
