import { AGENT_ID_PATTERN, compileSchema, isJsonObject, type Issue, type JsonObject } from '@longhaul/kernel';
import { fieldIssues, parseYaml, splitFrontMatter, WorkspaceFileError } from '@longhaul/tools';
import { frontMatterSchema, type AgentFrontMatter } from '../definition/front-matter';
import { NOT_BUILT_YET, PYTHON_KEYS } from '../definition/key-tables';
import { inOurWords } from '../definition/notifications-schema';
import { commandIssues } from '../runtimes/command/command-issues';

/** One AGENT.md that was read and is valid by itself; the gateway's defaults are not in it. */
export interface AgentFile {
  id: string;
  /** Relative to the workspace, with `/`. */
  file: string;
  frontMatter: AgentFrontMatter;
  /** What stands below the front matter, trimmed. */
  body: string;
  /** All that a model is told: the body, and what the files around it add. */
  instructions: string;
  /** Where in them the body begins. */
  bodyAt: number;
  /** What its skills let it call, and where they say so. */
  skillTools: readonly { name: string; place: string }[];
  /** `file:line` of a key, for messages. */
  at(...path: string[]): string;
}

export type ParsedAgentFile =
  | { ok: true; agent: AgentFile; warnings: Issue[]; context?: string[] }
  | { ok: false; problems: Issue[]; warnings: Issue[]; context?: string[] };

/** Throws `WorkspaceFileError` for a file that is not front matter and body; everything else is an issue. */
export function parseAgentFile(id: string, file: string, text: string): ParsedAgentFile {
  const { yaml, body } = splitFrontMatter(text);
  const { value, lineOf } = parseYaml(yaml, 2);
  const at = (...path: PropertyKey[]) => `${file}:${yaml === '' ? 1 : lineOf(path)}`;
  if (value !== null && !isJsonObject(value)) {
    throw new WorkspaceFileError(2, 'front matter is not a list of "key: value" lines', 'write description: …');
  }
  const { known, python } = sortKeys(value ?? {});
  const warnings = python.map((key) => warning(at(key), `"${key}" is not supported by Longhaul and is ignored`));

  const parsed = frontMatterSchema.safeParse(known);
  if (!parsed.success) {
    const problems = fieldIssues(frontMatterSchema, parsed.error, known).map(({ path, message, hint }) => ({
      path: at(...path),
      message,
      hint,
    }));
    return { ok: false, problems, warnings };
  }
  const frontMatter = parsed.data;
  const command = commandIssues(frontMatter, at);
  const problems = [
    ...nameIssues(id, frontMatter, at),
    ...schemaIssues(frontMatter, at),
    ...command.problems,
    ...httpIssues(frontMatter, at),
  ];
  if (problems.length > 0) return { ok: false, problems, warnings };
  warnings.push(...command.warnings);
  if (frontMatter.name !== undefined && !isId(frontMatter.name)) {
    const hint = `write display_name for it; name is "${id}" or absent`;
    warnings.push({ path: at('name'), message: `name: "${frontMatter.name}" is read as a title`, hint });
  }
  for (const key of ['context', 'skills', 'mcp_servers'] as const) {
    if (frontMatter[key] === undefined || (frontMatter.runtime ?? 'llm') === 'llm') continue;
    warnings.push(warning(at(key), `${key}: is read for runtime: llm only`));
  }
  for (const key of NOT_BUILT_YET.filter((path) => isSet(known, path.split('.')))) {
    warnings.push(warning(at(...key.split('.')), `"${key}" is accepted but not used yet`));
  }
  return {
    ok: true,
    agent: { id, file, frontMatter, body, instructions: body, bodyAt: 0, skillTools: [], at },
    warnings,
  };
}

/** A key without a value (`description:`) counts as absent; `model: x` is short for `model: { name: x }`, and so with `result_event`. */
function sortKeys(value: JsonObject) {
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  const known = Object.fromEntries(entries.filter(([key]) => !PYTHON_KEYS.has(key)));
  const { notifications } = known;
  const short = (['model', 'result_event'] as const).filter((key) => typeof known[key] === 'string');
  return {
    known: {
      ...known,
      ...Object.fromEntries(short.map((key) => [key, { name: known[key] }])),
      ...(notifications === undefined ? {} : { notifications: inOurWords(notifications) }),
    },
    python: entries.map(([key]) => key).filter((key) => PYTHON_KEYS.has(key)),
  };
}

/** What is no id is a title: agents-gateway goes by the directory alone. */
function isId(name: string): boolean {
  return AGENT_ID_PATTERN.test(name);
}

function nameIssues(id: string, { name }: AgentFrontMatter, at: (key: string) => string): Issue[] {
  if (name === undefined || name === id || !isId(name)) return [];
  const message = `name: expected the directory's name "${id}", got "${name}"`;
  return [{ path: at('name'), message, hint: `write name: ${id}, or rename the directory` }];
}

function httpIssues({ runtime, http }: AgentFrontMatter, at: (key: string) => string): Issue[] {
  if (runtime !== 'http' || http !== undefined) return [];
  const message = 'http: is required with runtime: http';
  return [{ path: at('runtime'), message, hint: 'write http: { url: https://… }' }];
}

function schemaIssues(frontMatter: AgentFrontMatter, at: (key: string) => string): Issue[] {
  return (['input_schema', 'output_schema'] as const).flatMap((key) => {
    const schema = frontMatter[key];
    if (schema === undefined) return [];
    try {
      compileSchema(schema);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ path: at(key), message: `${key}: is not a JSON Schema: ${reason}`, hint: 'see json-schema.org' }];
    }
  });
}

function isSet(value: unknown, path: string[]): boolean {
  const found = path.reduce<unknown>((parent, key) => (isJsonObject(parent) ? parent[key] : undefined), value);
  return found !== undefined;
}

function warning(path: string, message: string): Issue {
  return { path, message, hint: 'the agent runs without it' };
}
