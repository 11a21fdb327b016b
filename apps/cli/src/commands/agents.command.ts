import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { ExitCode } from '../exit-codes';
import type { AgentsFlags, ValidateFlags } from './agents';

type Actions = typeof import('./agents');

export function agentsCommand(): Command {
  return new Command('agents')
    .description('List, show and check the agents of a workspace, without a gateway.')
    .addCommand(
      subcommand('list', 'Every agent that loads, and whether it can run.').action((flags: AgentsFlags) =>
        act(({ listAgents }) => listAgents(flags)),
      ),
    )
    .addCommand(
      subcommand('show', 'One agent with every default filled in, and all that its model is told.')
        .argument('<id>', 'name of its directory')
        .action((id: string, flags: AgentsFlags) => act(({ showAgent }) => showAgent(id, flags))),
    )
    .addCommand(
      subcommand('validate', 'Say everything that is wrong; exit code 1 when something is.')
        .option('--strict', 'warnings count as well')
        .action((flags: ValidateFlags) => act(({ validateAgents }) => validateAgents(flags))),
    );
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-w, --workspace <folder>', 'folder with gateway.yaml and agents/', '.')
    .option('--json', 'JSON on stdout, and nothing else there');
}

function act(action: (actions: Actions) => ExitCode): Promise<void> {
  return exitOnError(async () => Promise.resolve(action(require('./agents') as Actions)));
}
