import { Command } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { clientCommand, count } from './client-flags';
import type { ListConversationsFlags } from './conversations';

const load = () => require('./conversations') as typeof import('./conversations');

export function conversationsCommand(): Command {
  return new Command('conversations')
    .description('List, read and delete conversations.')
    .addCommand(
      clientCommand('list', 'One page, newest first.')
        .option('--agent <id>', 'that began with this agent')
        .option('--limit <count>', 'of one page; 20 unless given', count)
        .option('--cursor <cursor>', 'the next page, as the one before named it')
        .action((flags: ListConversationsFlags) => asClient(() => load().listConversations(flags))),
    )
    .addCommand(
      clientCommand('show', 'All that was said, oldest first.')
        .argument('<id>', 'conv_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().showConversation(id, flags))),
    )
    .addCommand(
      clientCommand('delete', 'With its messages; its executions stay.')
        .argument('<id>', 'conv_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().deleteConversation(id, flags))),
    );
}
