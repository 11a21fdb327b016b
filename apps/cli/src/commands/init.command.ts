import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { InitFlags } from './init';

export function initCommand(): Command {
  return new Command('init')
    .description('Write a workspace that serves at once.')
    .argument('[folder]', 'where; made when it is not there', '.')
    .option('--force', 'write over files that are there')
    .option('--json', 'JSON on stdout, and nothing else there')
    .action((folder: string, flags: InitFlags) =>
      exitOnError(async () => {
        const { init } = require('./init') as typeof import('./init');
        return Promise.resolve(init(folder, flags));
      }),
    );
}
