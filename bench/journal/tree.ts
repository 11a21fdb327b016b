import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../http-client';
import { submitMany } from '../measures/load';
import { spread } from '../report/statistics';
import { table } from '../report/table';
import { type Target, urlOf } from '../targets/target';

/** One that asks 9, each of which asks 10. */
const BRANCHES = [9, 10];
export const TREE_SIZE = 100;
const WARM_UP = 1;

/** A tree of executions that ask each other, beside as many that nobody asked for. */
export async function treeRow(target: Target, rounds: number): Promise<string[]> {
  const times = { floor: [] as number[], tree: [] as number[] };
  for (let round = -WARM_UP; round < rounds; round += 1) {
    const floor = await apart(target);
    const tree = await together(target);
    if (round < 0) continue;
    times.floor.push(floor);
    times.tree.push(tree);
  }
  const ratios = times.tree.map((ms, round) => ms / (times.floor[round] ?? Number.NaN));
  return [target.name, spread(times.floor, 0), spread(times.tree, 0), spread(ratios, 1)];
}

export const treeTable = (rows: string[][]): string =>
  table(['target', `${TREE_SIZE} no-op executions, ms`, `a tree of ${TREE_SIZE}, ms`, 'ratio'], rows);

async function together(target: Target): Promise<number> {
  const startedAt = performance.now();
  const body = JSON.stringify({ message: 'divide', context: { branches: BRANCHES } });
  const { execution_id: id } = await send('POST', `${urlOf(target)}/v1/agents/branch/chat`, body);
  for (;;) {
    const { status, output } = await send('GET', `${urlOf(target)}/v1/executions/${id as string}?wait=25`);
    if (status === 'failed') throw new Error('the tree has failed');
    if (status !== 'completed') continue;
    const size = (output as { size: number }).size;
    if (size !== TREE_SIZE) throw new Error(`the tree has ${size} executions`);
    return performance.now() - startedAt;
  }
}

async function apart(target: Target): Promise<number> {
  const startedAt = performance.now();
  await submitMany(target, 'noop', TREE_SIZE);
  while (!(await target.isSettled())) await pause(1);
  return performance.now() - startedAt;
}
