import type { ErrorCode } from '@longhaul/kernel';
import { renderArgv, renderText } from '../template/render-argv';
import type { TemplateValues } from '../template/template-scope';
import type { WrittenCommand } from './command-fields';
import type { CommandPlan } from './command-process';
import { findProgram } from './find-program';
import { workingDirectory } from './working-directory';

const DEFAULT_GRACE_S = 4;

export interface CommandRequest {
  command: WrittenCommand;
  values: TemplateValues;
  workspace: string;
  /** The AGENT.md or TOOL.md, relative to the workspace: its directory is where the command runs when it says nothing. */
  file: string | null;
  /** A variable of the gateway. */
  variable: (name: string) => string | undefined;
  /** Variables of this run. */
  own: Record<string, string>;
  /** Of the error when the program or its directory is not there. */
  unavailable: ErrorCode;
}

/**
 * What exactly is to be started. Throws a `PermanentError`: `invalid_input` for values that do not fit into the command,
 * `unavailable` when the program or its directory is not there.
 */
export async function planCommand(request: CommandRequest): Promise<CommandPlan> {
  const { command, values, workspace, file, variable, own, unavailable } = request;
  const [program = '', ...args] = renderArgv(command.argv, values);
  const env: Record<string, string> = {};
  for (const name of command.env_allow ?? []) {
    const value = variable(name);
    if (value !== undefined) env[name] = value;
  }
  for (const [name, template] of Object.entries(command.env ?? {})) env[name] = renderText(template, values);
  const cwd = await workingDirectory({ workspace, file, cwd: command.cwd, unavailable });
  return {
    argv: [await findProgram(program, { cwd, path: env['PATH'], unavailable }), ...args],
    cwd,
    env: { ...env, ...own },
    graceMs: (command.kill_grace_s ?? DEFAULT_GRACE_S) * 1000,
  };
}
