import { Command, Option } from 'commander';
import type { ClientFlags } from '../client/connect';
import { asClient } from '../exit';
import type { ApproveFlags, ListApprovalsFlags, RejectFlags } from './approvals';
import { clientCommand, count } from './client-flags';

const load = () => require('./approvals') as typeof import('./approvals');

export function approvalsCommand(): Command {
  return new Command('approvals')
    .description('What executions wait for a person to decide.')
    .addCommand(
      clientCommand('list', 'One page of what is pending, newest first.')
        .addOption(
          new Option('--state <state>', 'instead of what is pending')
            .choices(['pending', 'decided', 'expired', 'withdrawn', 'all'])
            .default('pending'),
        )
        .option('--execution <id>', 'of this execution')
        .option('--limit <count>', 'of one page; 20 unless given', count)
        .option('--cursor <cursor>', 'the next page, as the one before named it')
        .action((flags: ListApprovalsFlags) => asClient(() => load().listApprovals(flags))),
    )
    .addCommand(
      clientCommand('show', 'One, with exactly what would be done.')
        .argument('<id>', 'appr_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().showApproval(id, flags))),
    )
    .addCommand(
      clientCommand('approve', 'Say yes, to what is asked or to something else.')
        .argument('<id>', 'appr_…')
        .option('--arguments <json>', 'do this instead: a JSON object, @file, or - for stdin')
        .option('--feedback <text>', 'for the agent to read')
        .action((id: string, flags: ApproveFlags) => asClient(() => load().approve(id, flags))),
    )
    .addCommand(
      clientCommand('reject', 'Say no.')
        .argument('<id>', 'appr_…')
        .option('--feedback <text>', 'why; for the agent to read')
        .action((id: string, flags: RejectFlags) => asClient(() => load().reject(id, flags))),
    );
}
