import type { Command } from 'commander';
import { asClient } from '../exit';
import { clientCommand, count } from './client-flags';
import type { WatchFlags } from './watch';

export function watchCommand(): Command {
  return clientCommand('watch', 'Show the events of an execution until it ends; the exit code is its own.')
    .argument('<id>', 'exec_…')
    .option('--after <seq>', 'only events after this one', count)
    .action((id: string, flags: WatchFlags) =>
      asClient(() => {
        const { watch } = require('./watch') as typeof import('./watch');
        return watch(id, flags);
      }),
    );
}
