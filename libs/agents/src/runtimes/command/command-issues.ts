import type { Issue } from '@longhaul/kernel';
import { INPUT_SCOPE, writtenCommandIssues } from '@longhaul/tools';
import type { AgentFrontMatter } from '../../definition/front-matter';

/**
 * What is wrong with the command of an agent beyond the form of its keys. Problems keep it from loading: it could never
 * run, or it would let the input choose the program. Warnings are of commands that some inputs will fail.
 */
export function commandIssues(
  { runtime, command, input_schema: schema }: AgentFrontMatter,
  at: (...path: string[]) => string,
): { problems: Issue[]; warnings: Issue[] } {
  if (runtime !== 'command') {
    if (command === undefined) return { problems: [], warnings: [] };
    const hint = 'write runtime: command, or remove it';
    return { problems: [], warnings: [{ path: at('command'), message: 'command: is used by no other runtime', hint }] };
  }
  if (command === undefined) {
    const hint = 'write command: { argv: [program, argument] }';
    return { problems: [{ path: at('runtime'), message: 'runtime: command needs command.argv', hint }], warnings: [] };
  }
  const found = writtenCommandIssues(command, INPUT_SCOPE, schema);
  const issues = (isProblem: boolean) =>
    found
      .filter(({ reason }) => (reason === 'never') === isProblem)
      .map(({ path, message, hint }) => ({ path: at('command', ...path.map(String)), message, hint }));
  return { problems: issues(true), warnings: issues(false) };
}
