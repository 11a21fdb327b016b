import type { Execution } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { commandName } from '../command-name';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson, printTable } from '../terminal/print';

/** Each one below the one that asked for it, indented. */
export async function showTree(id: string, flags: ClientFlags): Promise<ExitCode> {
  const tree = await connect(flags).tree(id);
  if (flags.json) {
    printJson(tree);
    return EXIT.ok;
  }
  const [top] = tree.items;
  const children = Map.groupBy(tree.items.slice(1), ({ parent_id: parent }) => parent);
  const rowsOf = (execution: Execution, depth: number): string[][] => [
    [
      `${'  '.repeat(depth)}${execution.execution_id}`,
      execution.status,
      execution.agent,
      durationOf(execution),
      execution.error ? `${execution.error.message} (${execution.error.code})` : '',
    ],
    ...(children.get(execution.execution_id) ?? []).flatMap((child) => rowsOf(child, depth + 1)),
  ];
  if (top) printTable(['EXECUTION', 'STATUS', 'AGENT', 'DURATION', ''], rowsOf(top, 0));
  if (tree.truncated) console.error(`there are more: ${commandName()} executions tree ID, of one of these`);
  return EXIT.ok;
}

/** From the first start to the end, or until now; nothing of what has not begun. */
function durationOf({ started_at: startedAt, completed_at: completedAt }: Execution): string {
  if (startedAt === undefined) return '';
  const until = completedAt === undefined ? Date.now() : Date.parse(completedAt);
  return `${((until - Date.parse(startedAt)) / 1_000).toFixed(1)} s`;
}
