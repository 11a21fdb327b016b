import { Command } from 'commander';
import { exitOnError } from '../exit';
import type { NotifyFlags } from './notify';

export function notifyCommand(): Command {
  const test = new Command('test')
    .description('Send a test message from here, by the configuration of a workspace, and show what was answered.')
    .argument('<channel>', 'slack, telegram, email, pagerduty or webhook')
    .option('--to <recipient>', "instead of the channel's own; of a webhook its URL")
    .option('-w, --workspace <folder>', 'folder with gateway.yaml', '.')
    .option('--json', 'JSON on stdout, and nothing else there')
    .action((channel: string, flags: NotifyFlags) =>
      exitOnError(() => {
        const { notifyTest } = require('./notify') as typeof import('./notify');
        return notifyTest(channel, flags);
      }),
    );
  return new Command('notify').description('See whether notifications arrive.').addCommand(test);
}
