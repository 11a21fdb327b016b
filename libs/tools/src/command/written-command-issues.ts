import type { JsonObject } from '@longhaul/kernel';
import { type PlaceholderIssue, placeholderIssues } from '../template/placeholder-issues';
import { isFixed } from '../template/template';
import type { TemplateScope } from '../template/template-scope';
import type { WrittenCommand } from './command-fields';

/** One finding, by its place below `command`. */
export interface CommandIssue extends Pick<PlaceholderIssue, 'message' | 'hint'> {
  path: (string | number)[];
  /** `optional`, `absent`: only some values would make it fail. `never`: it cannot run, or must not. */
  reason: 'never' | 'optional' | 'absent';
}

/**
 * What is wrong with a command beyond the form of its keys: it could never run, it would let its values choose the
 * program, or some values would make it fail.
 */
export function writtenCommandIssues(
  { argv, cwd, env = {} }: WrittenCommand,
  scope: TemplateScope,
  schema: JsonObject | undefined,
): CommandIssue[] {
  const templates: [path: (string | number)[], text: string][] = [
    ...argv.slice(1).map((text, index): [(string | number)[], string] => [['argv', index + 1], text]),
    ...Object.entries(env).map(([name, text]): [string[], string] => [['env', name], text]),
  ];
  return [
    ...programIssues(argv[0] ?? '', scope),
    ...directoryIssues(cwd, scope),
    ...Object.entries(env).flatMap(([name, text]) => chosenByValue(name, text, scope)),
    ...templates.flatMap(([path, text]) =>
      placeholderIssues(text, scope, schema).map(({ fatal, reason, message, hint }): CommandIssue => {
        const some = !fatal && (reason === 'optional' || reason === 'absent');
        return { path, message, hint, reason: some ? reason : 'never' };
      }),
    ),
  ];
}

function programIssues(program: string, scope: TemplateScope): CommandIssue[] {
  const path = ['argv', 0];
  if (program === '') {
    const message = 'command.argv[0]: names no program';
    return [{ path, reason: 'never', message, hint: 'write its name or path' }];
  }
  if (isFixed(program, scope)) return [];
  const message = `command.argv[0]: the program cannot come from ${scope.origin}, got "${program}"`;
  const article = scope.owner === 'agent' ? 'an agent' : 'a tool';
  return [{ path, reason: 'never', message, hint: `write the program out, and make ${article} for each one` }];
}

function directoryIssues(cwd: string | undefined, scope: TemplateScope): CommandIssue[] {
  if (cwd === undefined) return [];
  if (!isFixed(cwd, scope)) {
    const message = `command.cwd: cannot come from ${scope.origin}, got "${cwd}"`;
    return [{ path: ['cwd'], reason: 'never', message, hint: 'write it out' }];
  }
  const depths = cwd.split('/').reduce<number[]>((seen, name) => {
    const step = name === '..' ? -1 : name === '' || name === '.' ? 0 : 1;
    return [...seen, (seen.at(-1) ?? 0) + step];
  }, []);
  if (!cwd.startsWith('/') && depths.every((depth) => depth >= 0)) return [];
  const message = `command.cwd: leads out of the workspace, got "${cwd}"`;
  return [{ path: ['cwd'], reason: 'never', message, hint: 'write it relative to the workspace, without ..' }];
}

/** Variables by which another program would run, or other code in it. */
const CHOOSES_PROGRAM =
  /^(PATH|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|PYTHONPATH|PYTHONSTARTUP|RUBYOPT|PERL5OPT)$/;

function chosenByValue(name: string, text: string, scope: TemplateScope): CommandIssue[] {
  if (!CHOOSES_PROGRAM.test(name) || isFixed(text, scope)) return [];
  const message = `command.env.${name}: cannot come from ${scope.origin}, it decides what is run`;
  const hint = 'write it out, or let that of the gateway through with command.env_allow';
  return [{ path: ['env', name], reason: 'never', message, hint }];
}
