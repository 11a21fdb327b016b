import { Command } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';
import type { ListWorkersFlags } from './workers';

const load = () => require('./workers') as typeof import('./workers');

export function workersCommand(): Command {
  return new Command('workers')
    .description('List and drain the processes that run executions; needs a key of scope admin.')
    .addCommand(
      clientCommand('list', 'Those that live, newest first.')
        .option('--all', 'those that ended within the last hour, too')
        .action((flags: ListWorkersFlags) => asClient(() => load().listWorkers(flags))),
    )
    .addCommand(
      clientCommand('drain', 'Takes nothing more, lets what it runs end, and stops.')
        .argument('<id>', 'wrk_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().drainWorker(id, flags))),
    );
}
