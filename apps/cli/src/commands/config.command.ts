import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { ExitCode } from '../exit-codes';
import type { ConfigFlags } from './config';

type Actions = typeof import('./config');

export function configCommand(): Command {
  return new Command('config')
    .description('Show and check the configuration of a workspace.')
    .addCommand(
      subcommand('print', 'Every key, its value, and where it came from; secrets blotted out.', 'printConfig'),
    )
    .addCommand(subcommand('check', 'Say everything that is wrong; exit code 2 when something is.', 'checkConfig'))
    .addCommand(
      new Command('schema')
        .description('Print the JSON Schema of gateway.yaml.')
        .option('--json', 'as it is anyway')
        .action(() => act(({ printConfigSchema }) => printConfigSchema())),
    );
}

function subcommand(name: string, description: string, action: 'printConfig' | 'checkConfig'): Command {
  return new Command(name)
    .description(description)
    .option('-w, --workspace <folder>', 'folder with gateway.yaml', '.')
    .option('--json', 'JSON on stdout, and nothing else there')
    .action((flags: ConfigFlags) => act((actions) => actions[action](flags)));
}

function act(action: (actions: Actions) => ExitCode): Promise<void> {
  return exitOnError(async () => Promise.resolve(action(require('./config') as Actions)));
}
