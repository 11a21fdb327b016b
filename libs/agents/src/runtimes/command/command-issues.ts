import { isJsonObject, suggest, type Issue, type JsonObject, type JsonValue } from '@longhaul/kernel';
import type { AgentFrontMatter } from '../../definition/front-matter';
import { parseTemplate } from './template';

/** One finding, by its place in the front matter. */
interface Finding {
  path: string[];
  message: string;
  hint: string;
}

/**
 * What is wrong with the command of an agent beyond the form of its keys. Problems keep it from loading: it could never
 * run, or it would let the input choose the program. Warnings are of commands that some inputs will fail.
 */
export function commandIssues(
  { runtime, command, input_schema: schema }: AgentFrontMatter,
  at: (...path: string[]) => string,
): { problems: Issue[]; warnings: Issue[] } {
  const place = ({ path, message, hint }: Finding): Issue => ({ path: at(...path), message, hint });
  if (runtime !== 'command') {
    if (command === undefined) return { problems: [], warnings: [] };
    const hint = 'write runtime: command, or remove it';
    return { problems: [], warnings: [{ path: at('command'), message: 'command: is used by no other runtime', hint }] };
  }
  if (command === undefined) {
    const hint = 'write command: { argv: [program, argument] }';
    return { problems: [{ path: at('runtime'), message: 'runtime: command needs command.argv', hint }], warnings: [] };
  }
  const problems: Finding[] = [...programIssues(command.argv[0] ?? ''), ...directoryIssues(command.cwd)];
  const warnings: Finding[] = [];
  const templates: [path: string[], text: string][] = [
    ...command.argv.slice(1).map((text, index): [string[], string] => [['command', 'argv', String(index + 1)], text]),
    ...Object.entries(command.env ?? {}).map(([name, text]): [string[], string] => [['command', 'env', name], text]),
  ];
  for (const [path, text] of templates) {
    for (const part of parseTemplate(text)) {
      if (part.kind === 'bad') problems.push({ path, ...badPlaceholder(part.source) });
      if (part.kind !== 'input') continue;
      if (CHOOSES_PROGRAM.test(path.at(-1) ?? '')) problems.push({ path, ...chosenByInput(path.at(-1) ?? '') });
      const { fatal, ...finding } = schemaFinding(schema, part.source, part.path) ?? { fatal: false };
      if ('message' in finding) (fatal ? problems : warnings).push({ path, ...finding });
    }
  }
  return { problems: problems.map(place), warnings: warnings.map(place) };
}

function programIssues(program: string): Finding[] {
  const path = ['command', 'argv', '0'];
  if (program === '') return [{ path, message: 'command.argv[0]: names no program', hint: 'write its name or path' }];
  if (parseTemplate(program).every((part) => part.kind === 'text')) return [];
  const message = `command.argv[0]: the program cannot come from the input, got "${program}"`;
  return [{ path, message, hint: 'write the program out, and make an agent for each one' }];
}

function directoryIssues(cwd: string | undefined): Finding[] {
  if (cwd === undefined) return [];
  const path = ['command', 'cwd'];
  if (parseTemplate(cwd).some((part) => part.kind !== 'text')) {
    return [{ path, message: `command.cwd: cannot come from the input, got "${cwd}"`, hint: 'write it out' }];
  }
  const depths = cwd.split('/').reduce<number[]>((seen, name) => {
    const step = name === '..' ? -1 : name === '' || name === '.' ? 0 : 1;
    return [...seen, (seen.at(-1) ?? 0) + step];
  }, []);
  if (!cwd.startsWith('/') && depths.every((depth) => depth >= 0)) return [];
  const message = `command.cwd: leads out of the workspace, got "${cwd}"`;
  return [{ path, message, hint: 'write it relative to the workspace, without ..' }];
}

/** Variables by which another program would run, or other code in it. */
const CHOOSES_PROGRAM =
  /^(PATH|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|PYTHONPATH|PYTHONSTARTUP|RUBYOPT|PERL5OPT)$/;

function chosenByInput(name: string): Omit<Finding, 'path'> {
  const message = `command.env.${name}: cannot come from the input, it decides what is run`;
  return { message, hint: 'write it out, or let that of the gateway through with command.env_allow' };
}

function badPlaceholder(source: string): Omit<Finding, 'path'> {
  const message = `unknown placeholder ${source}: only fields of the input can be used`;
  return { message, hint: 'write {{input.name}}, with dots into what is nested: {{input.items.0.name}}' };
}

/** What the schema says of the place that a placeholder names. Undefined: it may well be there. */
function schemaFinding(schema: JsonObject | undefined, source: string, path: string[]) {
  if (schema === undefined) {
    // What every chat has.
    if (path.length === 1 && path[0] === 'message') return undefined;
    const hint = 'declare the field in input_schema, and require it';
    return { fatal: false, message: `${source} may be missing: the agent has no input_schema`, hint };
  }
  let node: JsonObject = schema;
  for (const [index, key] of path.entries()) {
    const properties = node['properties'];
    if (!isJsonObject(properties)) return undefined;
    const child: JsonValue | undefined = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!isJsonObject(child)) return child === undefined ? absent(node, properties, source, key) : undefined;
    if (!isRequired(node, key) && !('default' in child) && index === path.length - 1) {
      const hint = 'name it in required, or give it a default';
      return { fatal: false, message: `${source} may be missing: input_schema does not require it`, hint };
    }
    node = child;
  }
  if (node['type'] !== 'object') return undefined;
  const hint = 'name one of its fields, as in {{input.object.field}}';
  return { fatal: true, message: `${source} is an object, which is no argument`, hint };
}

function absent(node: JsonObject, properties: JsonObject, source: string, key: string) {
  const near = suggest(key, Object.keys(properties));
  const known = Object.keys(properties).join(', ');
  const hint = near === undefined ? `known there: ${known}` : `did you mean "${near}"?`;
  const message = `${source} is not in input_schema`;
  return { fatal: node['additionalProperties'] === false, message, hint };
}

function isRequired(node: JsonObject, key: string): boolean {
  return Array.isArray(node['required']) && node['required'].includes(key);
}
