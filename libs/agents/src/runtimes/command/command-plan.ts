import { PermanentError, type JsonValue } from '@longhaul/kernel';
import { INPUT_SCOPE, renderArgv, renderText, templateValues } from '@longhaul/tools';
import type { AgentDefinition } from '../../definition/agent-definition';
import type { CommandPlan } from './command-process';
import { findProgram } from './find-program';
import { workingDirectory } from './working-directory';

const DEFAULT_GRACE_S = 4;

export interface CommandRequest {
  agent: AgentDefinition;
  input: JsonValue;
  workspace: string;
  /** A variable of the gateway. */
  variable: (name: string) => string | undefined;
  /** Variables of this run. */
  own: Record<string, string>;
}

/**
 * What exactly is to be started. Throws a `PermanentError`: `invalid_input` for an input that does not fit into the
 * command, `agent_unavailable` when the program or its directory is not there.
 */
export async function planCommand({ agent, input, workspace, variable, own }: CommandRequest): Promise<CommandPlan> {
  const { command } = agent.frontMatter;
  if (!command) throw new PermanentError(`agent "${agent.id}" has no command.argv`, { code: 'agent_unavailable' });
  const values = templateValues(INPUT_SCOPE, input, agent.inputSchema);
  const [program = '', ...args] = renderArgv(command.argv, values);
  const env: Record<string, string> = {};
  for (const name of command.env_allow ?? []) {
    const value = variable(name);
    if (value !== undefined) env[name] = value;
  }
  for (const [name, template] of Object.entries(command.env ?? {})) env[name] = renderText(template, values);
  const cwd = await workingDirectory(workspace, agent.file, command.cwd);
  return {
    argv: [await findProgram(program, cwd, env['PATH']), ...args],
    cwd,
    env: { ...env, ...own },
    graceMs: (command.kill_grace_s ?? DEFAULT_GRACE_S) * 1000,
  };
}
