import { Command } from 'commander';
import { asClient } from '../exit';
import type { ClientFlags } from '../client/connect';
import { changeFlags, clientCommand, count, several } from './client-flags';
import type { ListFlags, RetryFlags, StepsFlags } from './executions';
import type { ForkFlags } from './fork';

const load = () => require('./executions') as typeof import('./executions');
const loadFork = () => require('./fork') as typeof import('./fork');
const loadTree = () => require('./execution-tree') as typeof import('./execution-tree');

export function executionsCommand(): Command {
  return new Command('executions')
    .description('List, read, cancel, retry and fork executions.')
    .addCommand(listCommand())
    .addCommand(
      clientCommand('get', 'Show the record.')
        .argument('<id>', 'exec_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().getExecution(id, flags))),
    )
    .addCommand(
      clientCommand('steps', 'Show its steps: what is recorded is not done again.')
        .argument('<id>', 'exec_…')
        .option('--results', 'with what each step has recorded')
        .action((id: string, flags: StepsFlags) => asClient(() => load().listSteps(id, flags))),
    )
    .addCommand(
      clientCommand('tree', 'Show it and the executions below it.')
        .argument('<id>', 'exec_…')
        .action((id: string, flags: ClientFlags) => asClient(() => loadTree().showTree(id, flags))),
    )
    .addCommand(
      clientCommand('cancel', 'Ask for it to be cancelled; may be asked twice.')
        .argument('<id>', 'exec_…')
        .action((id: string, flags: ClientFlags) => asClient(() => load().cancelExecution(id, flags))),
    )
    .addCommand(
      changeFlags(clientCommand('retry', 'Try a failed one anew, as a new execution; twice is once.'))
        .argument('<id>', 'exec_…')
        .option('--from-step <key>', 'take over what was recorded before this step')
        .action((id: string, flags: RetryFlags) => asClient(() => load().retryExecution(id, flags))),
    )
    .addCommand(forkCommand());
}

function forkCommand(): Command {
  return changeFlags(clientCommand('fork', 'Do one that is over again, with something changed, as a new execution.'))
    .argument('<id>', 'exec_…')
    .option('--from-step <key>', 'share what was recorded before this step; all is done anew unless given')
    .option('--prompt <text>', "instead of the agent's own instructions: text, @file, or - for stdin")
    .option('--model <name>', "instead of the agent's: provider/model")
    .option('--step-result <key=json>', 'what a shared step is to have answered; may be given several times', several)
    .action((id: string, flags: ForkFlags) => asClient(() => loadFork().forkExecution(id, flags)));
}

function listCommand(): Command {
  return clientCommand('list', 'One page, newest first.')
    .option('--agent <id>', 'of this agent')
    .option('--status <status>', 'in this status; may be given several times', several)
    .option('--conversation <id>', 'of this conversation')
    .option('--correlation <id>', 'with your own id')
    .option('--tag <tag>', 'that carry the tag')
    .option('--created-after <moment>', 'such as 2026-11-22T10:00:00Z')
    .option('--created-before <moment>', 'such as 2026-11-22T10:00:00Z')
    .option('-q, --query <text>', 'with this text in the id, the agent or the input')
    .option('--limit <count>', 'of one page; 20 unless given', count)
    .option('--cursor <cursor>', 'the next page, as the one before named it')
    .action((flags: ListFlags) => asClient(() => load().listExecutions(flags)));
}
