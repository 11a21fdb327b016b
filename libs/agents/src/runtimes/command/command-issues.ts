import type { Issue } from '@longhaul/kernel';
import { INPUT_SCOPE, isFixed, placeholderIssues } from '@longhaul/tools';
import type { AgentFrontMatter } from '../../definition/front-matter';

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
    const chooses = CHOOSES_PROGRAM.test(path.at(-1) ?? '') && !isFixed(text, INPUT_SCOPE);
    if (chooses) problems.push({ path, ...chosenByInput(path.at(-1) ?? '') });
    for (const { fatal, message, hint } of placeholderIssues(text, INPUT_SCOPE, schema)) {
      (fatal ? problems : warnings).push({ path, message, hint });
    }
  }
  return { problems: problems.map(place), warnings: warnings.map(place) };
}

function programIssues(program: string): Finding[] {
  const path = ['command', 'argv', '0'];
  if (program === '') return [{ path, message: 'command.argv[0]: names no program', hint: 'write its name or path' }];
  if (isFixed(program, INPUT_SCOPE)) return [];
  const message = `command.argv[0]: the program cannot come from the input, got "${program}"`;
  return [{ path, message, hint: 'write the program out, and make an agent for each one' }];
}

function directoryIssues(cwd: string | undefined): Finding[] {
  if (cwd === undefined) return [];
  const path = ['command', 'cwd'];
  if (!isFixed(cwd, INPUT_SCOPE)) {
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
