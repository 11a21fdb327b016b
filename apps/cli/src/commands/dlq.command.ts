import { Command, Option } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import { changeFlags, clientCommand, count, seconds } from './client-flags';
import type { DiscardFlags, ListGroupsFlags, ListLettersFlags, RedriveFlags } from './dlq';

const load = () => require('./dlq') as typeof import('./dlq');

export function dlqCommand(): Command {
  return new Command('dlq')
    .description('Dead letters: failed executions that somebody has to look after.')
    .addCommand(
      pageFlags(clientCommand('list', 'One page, the latest failure first.'))
        .addOption(new Option('--state <state>', 'open unless given').choices(['open', 'redriven', 'discarded', 'all']))
        .action((flags: ListLettersFlags) => asClient(() => load().listLetters(flags))),
    )
    .addCommand(
      pageFlags(clientCommand('groups', 'What is open, by cause.')).action((flags: ListGroupsFlags) =>
        asClient(() => load().listGroups(flags)),
      ),
    )
    .addCommand(
      clientCommand('show', 'One, with its input, its last error and its runs.')
        .argument('<id>', 'exec_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().showLetter(id, flags))),
    )
    .addCommand(redriveCommand())
    .addCommand(discardCommand());
}

function redriveCommand(): Command {
  return changeFlags(chooseFlags(clientCommand('redrive', 'Try them anew, each as a new execution; twice is once.')))
    .option('--per-second <count>', 'how many of them begin in a second; 50 unless given', seconds)
    .option('--delay <seconds>', 'before the first of them begins', seconds)
    .action((ids: string[], flags: RedriveFlags) => asClient(() => load().redriveLetters(ids, flags)));
}

function discardCommand(): Command {
  return chooseFlags(clientCommand('discard', 'Give them up; their executions stay failed.'))
    .requiredOption('--because <text>', 'why nobody will try them anew')
    .action((ids: string[], flags: DiscardFlags) => asClient(() => load().discardLetters(ids, flags)));
}

function selectFlags(command: Command): Command {
  return command
    .option('--agent <id>', 'of this agent')
    .option('--reason <code>', 'that failed with this code')
    .option('--fingerprint <hex>', 'of this group')
    .option('--failed-after <moment>', 'such as 2026-11-22T10:00:00Z')
    .option('--failed-before <moment>', 'such as 2026-11-22T10:00:00Z');
}

function pageFlags(command: Command): Command {
  return selectFlags(command)
    .option('--limit <count>', 'of one page; 20 unless given', count)
    .option('--cursor <cursor>', 'the next page, as the one before named it');
}

function chooseFlags(command: Command): Command {
  return selectFlags(command)
    .argument('[ids...]', 'exec_…; or say which by the flags')
    .option('--all', 'all that are open; asks first')
    .option('--yes', 'do not ask');
}
