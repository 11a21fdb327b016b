import { Command, Option } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { clientCommand, count } from './client-flags';
import type { ListDeliveriesFlags, RedeliverFlags } from './deliveries';

const load = () => require('./deliveries') as typeof import('./deliveries');

export function deliveriesCommand(): Command {
  return new Command('deliveries')
    .description('What was sent, or is to be, when something happened: webhooks and notifications.')
    .addCommand(
      selectFlags(clientCommand('list', 'One page, newest first.'), 'in this status')
        .option('--limit <count>', 'of one page; 20 unless given', count)
        .option('--cursor <cursor>', 'the next page, as the one before named it')
        .action((flags: ListDeliveriesFlags) => asClient(() => load().listDeliveries(flags))),
    )
    .addCommand(
      clientCommand('show', 'One, with each of its tries.')
        .argument('<id>', 'dlv_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().showDelivery(id, flags))),
    )
    .addCommand(
      selectFlags(clientCommand('redeliver', 'Send them again, under the same ids.'), 'failed unless given')
        .argument('[ids...]', 'dlv_…; or say which by the flags')
        .option('--all', 'all that failed; asks first')
        .option('--yes', 'do not ask')
        .action((ids: string[], flags: RedeliverFlags) => asClient(() => load().redeliver(ids, flags))),
    );
}

function selectFlags(command: Command, status: string): Command {
  return command
    .addOption(new Option('--status <status>', status).choices(['pending', 'delivered', 'failed']))
    .option('--event <name>', 'of this event, such as execution.failed')
    .option('--agent <id>', 'of this agent')
    .option('--execution <id>', 'of this execution')
    .option('--endpoint <id>', 'to this endpoint, whe_…')
    .option('--channel <name>', 'by this way, such as webhook or slack')
    .option('--created-after <moment>', 'such as 2026-11-22T10:00:00Z')
    .option('--created-before <moment>', 'such as 2026-11-22T10:00:00Z');
}
