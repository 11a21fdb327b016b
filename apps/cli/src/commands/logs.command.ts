import type { Command } from 'commander';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';
import type { LogsFlags } from './logs';

export function logsCommand(): Command {
  return clientCommand('logs', 'Show what an execution wrote: text, stdout and stderr.')
    .argument('<id>', 'exec_…')
    .option('-f, --follow', 'go on until it ends; the exit code is its own')
    .action((id: string, flags: LogsFlags) =>
      asClient(() => {
        const { logs } = require('./logs') as typeof import('./logs');
        return logs(id, flags);
      }),
    );
}
