import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { ExitCode } from '../exit-codes';
import type { ToolsFlags, ValidateToolsFlags } from './tools';

type Actions = typeof import('./tools');

export function toolsCommand(): Command {
  return new Command('tools')
    .description('List and check the TOOL.md files of a workspace, without a gateway.')
    .addCommand(
      subcommand('list', 'Every tool that loads, and whether it can be called.').action((flags: ToolsFlags) =>
        act(({ listTools }) => listTools(flags)),
      ),
    )
    .addCommand(
      subcommand('validate', 'Say everything that is wrong; exit code 1 when something is.')
        .option('--strict', 'warnings count as well')
        .action((flags: ValidateToolsFlags) => act(({ validateTools }) => validateTools(flags))),
    );
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('-w, --workspace <folder>', 'folder with gateway.yaml and tools/', '.')
    .option('--json', 'JSON on stdout, and nothing else there');
}

function act(action: (actions: Actions) => ExitCode): Promise<void> {
  return exitOnError(async () => Promise.resolve(action(require('./tools') as Actions)));
}
