import type { Command } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';

export function healthCommand(): Command {
  return clientCommand('health', 'Show whether a gateway is ready, with what it stands on.').action(
    (flags: ClientFlags) =>
      asClient(() => {
        const { health } = require('./health') as typeof import('./health');
        return health(flags);
      }),
  );
}
