import { isJsonObject, type Issue, type JsonObject } from '@longhaul/kernel';
import { toolSchema, type ToolFrontMatter } from '../definition/front-matter';
import { NO_PARAMETERS, parametersIssue } from '../definition/parameters';
import { fieldIssues } from '../front-matter/field-issues';
import { parseYaml } from '../front-matter/parse-yaml';
import { splitFrontMatter } from '../front-matter/split-front-matter';
import { WorkspaceFileError } from '../front-matter/workspace-file-error';
import type { ToolFormat } from '../kinds/tool-kind';
import { formatOf, TOOL_FORMATS } from '../kinds/tool-formats';

const KINDS = TOOL_FORMATS.map(({ kind }) => kind).join(', ');

/** One TOOL.md that was read and is valid by itself. */
export interface ToolFile {
  name: string;
  /** Relative to the workspace, with `/`. */
  file: string;
  frontMatter: ToolFrontMatter;
  parameters: JsonObject;
  format: ToolFormat;
  /** The object of its kind. */
  own: object;
  /** What stands below the front matter, trimmed. */
  body: string;
  /** `file:line` of a key, for messages. */
  at(...path: PropertyKey[]): string;
}

export type ParsedToolFile = { problems: Issue[]; warnings: Issue[]; tool?: ToolFile };

/** Throws `WorkspaceFileError` for a file that is not front matter and body; everything else is an issue. */
export function parseToolFile(name: string, file: string, text: string): ParsedToolFile {
  const { yaml, body } = splitFrontMatter(text);
  const { value, lineOf } = parseYaml(yaml, 2);
  const at = (...path: PropertyKey[]) => `${file}:${yaml === '' ? 1 : lineOf(path)}`;
  if (!isJsonObject(value)) {
    throw new WorkspaceFileError(
      yaml === '' ? 1 : 2,
      'has no front matter of "key: value" lines',
      'write description: …',
    );
  }
  // A key without a value (`timeout_s:`) counts as absent.
  const written = Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null));
  if (!('kind' in written) && !TOOL_FORMATS.some(({ kind }) => kind in written)) {
    // As the Python agents-gateway writes them, with a handler beside.
    const message = 'names no kind, and nothing else says what carries it out: no model is offered it';
    return { problems: [], warnings: [{ path: at(), message, hint: `write kind: ${KINDS}, see docs/tools.md` }] };
  }
  const parsed = toolSchema.safeParse(written);
  if (!parsed.success) {
    const issues = fieldIssues(toolSchema, parsed.error, written);
    return { problems: issues.map(({ path, ...issue }) => ({ path: at(...path), ...issue })), warnings: [] };
  }
  const frontMatter = parsed.data as ToolFrontMatter & Record<string, unknown>;
  const { kind } = frontMatter;
  const format = formatOf(kind);
  const own = frontMatter[kind];
  const usual = typeof own === 'object' && own !== null ? format?.parameters?.(own) : undefined;
  const parameters = frontMatter.parameters ?? usual ?? NO_PARAMETERS;
  const problems: Issue[] = [];
  const report = (path: PropertyKey[], message: string, hint: string) =>
    problems.push({ path: at(...path), message, hint });

  if (frontMatter.name !== undefined && frontMatter.name !== name) {
    const message = `name: expected the directory's name "${name}", got "${frontMatter.name}"`;
    report(['name'], message, `write name: ${name}, or rename the directory`);
  }
  const wrong = parametersIssue(parameters);
  if (wrong) report(['parameters'], `parameters: ${wrong.message}`, wrong.hint);
  if (!format || typeof own !== 'object' || own === null) {
    report(['kind'], `kind: ${kind} needs an object ${kind}`, `write ${kind}: { … }, see docs/tools.md`);
    return { problems, warnings: [] };
  }
  if (!wrong) {
    for (const { path, message, hint } of format.issues(own, parameters)) {
      report([kind, ...path], `${nameOf(kind, path)}: ${message}`, hint);
    }
  }
  if (problems.length > 0) return { problems, warnings: [] };
  const warnings = hasNoQueue(frontMatter)
    ? [
        {
          path: at('priority'),
          message: 'priority: is read with queue or background only',
          hint: 'write queue: …, or remove it',
        },
      ]
    : [];
  return { problems, warnings, tool: { name, file, frontMatter, parameters, format, own, body, at } };
}

function hasNoQueue({ priority, queue, background = false }: ToolFrontMatter): boolean {
  return priority !== undefined && queue === undefined && !background;
}

function nameOf(kind: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((name, key) => (typeof key === 'number' ? `${name}[${key}]` : `${name}.${key}`), kind);
}
