import { AGENT_ID_PATTERN, AGENT_ID_RULE } from '@longhaul/kernel';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '@longhaul/kernel';
import {
  asFileError,
  isThere,
  loadSkills,
  MAX_FRONT_MATTER_FILE_BYTES,
  readWorkspaceFile,
  type Skills,
  WorkspaceFileError,
} from '@longhaul/tools';
import { skillsOf } from './agent-skills';
import { assembleInstructions } from './assemble-instructions';
import { leadsOut } from './context-files';
import { oldFiles } from './foreign-files';
import { parseAgentFile, type AgentFile, type ParsedAgentFile } from './parse-agent-file';
import { readSharedTexts, SHARED_FILES, type SharedTexts } from './shared-texts';

export type { AgentFile } from './parse-agent-file';

export interface AgentFiles {
  /** Those that load, by id. */
  agents: AgentFile[];
  /** Ids whose files do not load. */
  broken: ReadonlySet<string>;
  /** What the agents list as `context` within the workspace, and their skills, whether it is there or not. */
  contextFiles: ReadonlySet<string>;
  problems: Issue[];
  warnings: Issue[];
}

/**
 * Reads `<workspace>/agents/<id>/AGENT.md` with the files around it, each by itself: one that does not load is a problem
 * and stops no other. Paths in issues are `agents/<id>/AGENT.md:<line>`. Synchronous: for start-up and the command line.
 */
export function loadAgentFiles(workspace: string): AgentFiles {
  const directory = join(workspace, 'agents');
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  const agents: AgentFile[] = [];
  const broken = new Set<string>();
  const contextFiles = new Set<string>();
  if (!existsSync(directory)) {
    const hint = 'make agents/<id>/AGENT.md, or serve another directory with --workspace';
    return {
      agents,
      broken,
      contextFiles,
      problems,
      warnings: [{ path: 'agents', message: `is not in ${workspace}`, hint }],
    };
  }
  const ids = directoriesOf(directory, problems);
  const shared = readSharedTexts(workspace);
  const skills = loadSkills(workspace);
  problems.push(...shared.problems, ...skills.problems);
  warnings.push(...oldFiles(workspace, 'agents'), ...skills.warnings);
  for (const id of ids) {
    const file = `agents/${id}/AGENT.md`;
    if (!isThere(join(workspace, file))) {
      warnings.push(missing(id));
      continue;
    }
    const result = loadOne(workspace, id, file, shared, skills);
    warnings.push(...result.warnings);
    warnings.push(...oldFiles(workspace, `agents/${id}`));
    for (const one of result.context ?? []) if (!leadsOut(one)) contextFiles.add(one);
    if (result.ok) agents.push(result.agent);
    else {
      problems.push(...result.problems);
      broken.add(id);
    }
  }
  return { agents, broken, contextFiles, problems, warnings };
}

/** Directories and links (a link is judged when its file is read); hidden ones are nobody's agent. */
function directoriesOf(directory: string, problems: Issue[]): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .filter((name) => !SHARED_FILES.some((shared) => shared === name))
      .sort();
  } catch (error) {
    const { message, hint } = asFileError(error);
    problems.push({ path: 'agents', message, hint });
    return [];
  }
}

function loadOne(workspace: string, id: string, file: string, shared: SharedTexts, skills: Skills): ParsedAgentFile {
  try {
    if (!AGENT_ID_PATTERN.test(id)) {
      throw new WorkspaceFileError(1, `"${id}" cannot be an agent's id`, `rename the directory: ${AGENT_ID_RULE}`);
    }
    const { text } = readWorkspaceFile(workspace, join(workspace, file), MAX_FRONT_MATTER_FILE_BYTES);
    const parsed = parseAgentFile(id, file, text);
    if (!parsed.ok) return parsed;
    const { agent, warnings } = parsed;
    const context = [...(agent.frontMatter.context ?? []), ...(agent.frontMatter.skills ?? []).map(skillFile)];
    const { found, problems } = skillsOf(agent, skills);
    if (problems.length > 0) return { ok: false, problems, warnings, context };
    const assembled = assembleInstructions(workspace, agent, shared, found);
    if (!assembled.ok) return { ...assembled, warnings, context };
    const skillTools = found.flatMap(({ tools, place }) => tools.map((name) => ({ name, place })));
    const { instructions, bodyAt } = assembled;
    return { ok: true, agent: { ...agent, instructions, bodyAt, skillTools }, warnings, context };
  } catch (error) {
    const { line, message, hint } = asFileError(error);
    return { ok: false, problems: [{ path: `${file}:${line}`, message, hint }], warnings: [] };
  }
}

/** A directory without AGENT.md runs nothing, and breaks nothing either. */
function missing(id: string): Issue {
  return { path: `agents/${id}`, message: 'has no AGENT.md', hint: 'add the file, or remove the directory' };
}

function skillFile(id: string): string {
  return `skills/${id}/SKILL.md`;
}
