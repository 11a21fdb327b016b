import { Command } from 'commander';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';
import type { SendEventFlags } from './events';

const load = () => require('./events') as typeof import('./events');

export function eventsCommand(): Command {
  return new Command('events').description('What happens outside, for the executions that wait for it.').addCommand(
    clientCommand('send', 'Tells those that wait for it now; prints their ids.')
      .argument('<name>', 'as they wait for it, such as order.paid')
      .option('--data <json>', 'what they get: JSON, @file, or - for stdin')
      .option('--execution <id>', 'only this one')
      .action((name: string, flags: SendEventFlags) => asClient(() => load().sendEvent(name, flags))),
  );
}
