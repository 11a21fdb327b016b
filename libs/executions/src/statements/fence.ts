import type { Database } from '@longhaul/database';
import { faults } from '@longhaul/kernel';
import { STATUS_BY_ID } from './execution-row';

/** The right under which a worker writes: lost with the lease, and then every write under it changes nothing. */
export interface Fence {
  executionId: string;
  runId: string;
  workerId: string;
  epoch: number;
}

/** The condition of every write of a run, with its `fenceRow` as `x`: it is still the one that holds the execution. */
export function underFence(): string {
  if (faults.off.has('fence')) return 'executions.id = x.id';
  return `executions.id = x.id AND ${STATUS_BY_ID} = 'running'
              AND executions.worker_id = x.worker_id AND executions.epoch = x.epoch`;
}

/** Tells the runs of one execution apart, also where a batch holds a present and a stale one. */
export function fenceKey({ executionId, epoch }: Pick<Fence, 'executionId' | 'epoch'>): string {
  return `${executionId}:${epoch}`;
}

export function fenceRow({ executionId, workerId, epoch }: Fence): { id: string; worker_id: string; epoch: number } {
  return { id: executionId, worker_id: workerId, epoch };
}

/** One order of locking for every batch: two that share rows wait for each other, but never in a circle. */
export function byId<T extends { id: string }>(rows: T[]): T[] {
  return rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** The fence under which this worker holds the execution, or null when it does not. */
export async function fenceOf(database: Database, executionId: string, workerId: string): Promise<Fence | null> {
  const [row] = await database.read(
    `SELECT run_id, epoch FROM executions WHERE id = $1 AND worker_id = $2 AND status = 'running'`,
    [executionId, workerId],
  );
  return row ? { executionId, workerId, runId: row.run_id as string, epoch: Number(row.epoch) } : null;
}
