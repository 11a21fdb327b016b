import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_ID_PATTERN, AGENT_ID_RULE, isJsonObject, type Issue } from '@longhaul/kernel';
import { fieldIssues } from '../front-matter/field-issues';
import { parseYaml } from '../front-matter/parse-yaml';
import {
  asFileError,
  isThere,
  MAX_FRONT_MATTER_FILE_BYTES,
  readWorkspaceFile,
} from '../front-matter/read-workspace-file';
import { splitFrontMatter } from '../front-matter/split-front-matter';
import { WorkspaceFileError } from '../front-matter/workspace-file-error';
import { type Skill, skillSchema } from './skill';

export interface Skills {
  /** Those that load, by id. */
  skills: ReadonlyMap<string, Skill>;
  /** Ids whose SKILL.md does not load. */
  broken: ReadonlySet<string>;
  problems: Issue[];
  warnings: Issue[];
}

/**
 * Reads `<workspace>/skills/<id>/SKILL.md`, each by itself: one that does not load is a problem and stops no other. Paths
 * in issues are `skills/<id>/SKILL.md:<line>`. Synchronous: for start-up and the command line.
 */
export function loadSkills(workspace: string): Skills {
  const skills = new Map<string, Skill>();
  const broken = new Set<string>();
  const problems: Issue[] = [];
  const warnings: Issue[] = [];
  for (const id of directoriesOf(join(workspace, 'skills'), problems)) {
    const file = `skills/${id}/SKILL.md`;
    if (!isThere(join(workspace, file))) {
      const hint = 'add the file, or remove the directory';
      warnings.push({ path: `skills/${id}`, message: 'has no SKILL.md', hint });
      continue;
    }
    const found = loadOne(workspace, id, file);
    if (Array.isArray(found)) {
      problems.push(...found);
      broken.add(id);
      continue;
    }
    skills.set(id, found);
    if (found.instructions === '' && found.tools.length === 0) {
      const hint = 'write tools: [ … ], or instructions below the front matter';
      warnings.push({ path: `${file}:1`, message: 'has neither tools nor instructions', hint });
    }
  }
  return { skills, broken, problems, warnings };
}

/** Directories and links (a link is judged when its file is read); hidden ones are nobody's skill. */
function directoriesOf(directory: string, problems: Issue[]): string[] {
  try {
    if (!isThere(directory)) return [];
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const { message, hint } = asFileError(error);
    problems.push({ path: 'skills', message, hint });
    return [];
  }
}

function loadOne(workspace: string, id: string, file: string): Skill | Issue[] {
  try {
    if (!AGENT_ID_PATTERN.test(id)) {
      throw new WorkspaceFileError(1, `"${id}" cannot be a skill's id`, `rename the directory: ${AGENT_ID_RULE}`);
    }
    const { text } = readWorkspaceFile(workspace, join(workspace, file), MAX_FRONT_MATTER_FILE_BYTES);
    return parse(id, file, text);
  } catch (error) {
    const { line, message, hint } = asFileError(error);
    return [{ path: `${file}:${line}`, message, hint }];
  }
}

/** Throws `WorkspaceFileError` for a file that is not front matter and body. */
function parse(id: string, file: string, text: string): Skill | Issue[] {
  const { yaml, body } = splitFrontMatter(text);
  const { value, lineOf } = parseYaml(yaml, 2);
  const at = (...path: PropertyKey[]) => `${file}:${yaml === '' ? 1 : lineOf(path)}`;
  if (value !== null && !isJsonObject(value)) {
    throw new WorkspaceFileError(2, 'front matter is not a list of "key: value" lines', 'write description: …');
  }
  // A key without a value (`tools:`) counts as absent.
  const written = Object.fromEntries(Object.entries(value ?? {}).filter(([, entry]) => entry !== null));
  const parsed = skillSchema.safeParse(written);
  if (!parsed.success) {
    return fieldIssues(skillSchema, parsed.error, written).map(({ path, ...issue }) => ({
      path: at(...path),
      ...issue,
    }));
  }
  const { name, description = '', tools = [] } = parsed.data;
  if (name !== undefined && name !== id && AGENT_ID_PATTERN.test(name)) {
    const message = `name: expected the directory's name "${id}", got "${name}"`;
    return [{ path: at('name'), message, hint: `write name: ${id}, or rename the directory` }];
  }
  return { id, file, description, tools: [...new Set(tools)], instructions: body, place: at('tools') };
}
