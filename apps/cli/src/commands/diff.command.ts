import type { Command } from 'commander';
import { asClient } from '../exit';
import { clientCommand } from './client-flags';
import type { DiffFlags } from './diff';

const load = () => require('./diff') as typeof import('./diff');

export function diffCommand(): Command {
  return clientCommand('diff', 'Show two executions beside each other, such as a fork and what it was forked from.')
    .argument('<left>', 'exec_…')
    .argument('<right>', 'exec_…')
    .option('--results', 'with what each step has recorded')
    .action((left: string, right: string, flags: DiffFlags) => asClient(() => load().showDiff(left, right, flags)));
}
