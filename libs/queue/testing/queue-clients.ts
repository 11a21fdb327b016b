import { newId } from '@longhaul/kernel';
import { eventually } from '../../../test/support/eventually';
import type { ExecutionQueue, QueueDelivery, QueueJob } from '../src';

/** A lane that no other test has. */
export function newLane(): string {
  return `t-${newId('job').slice(-10).toLowerCase()}.default`;
}

export function newJob(): QueueJob {
  return { v: 1, jobId: newId('job'), executionId: newId('exec') };
}

export function newJobs(count: number): QueueJob[] {
  return Array.from({ length: count }, newJob);
}

export function inLane(lane: string, jobs: QueueJob[]): { lane: string; job: QueueJob }[] {
  return jobs.map((job) => ({ lane, job }));
}

export function idsOf(items: (QueueJob | QueueDelivery)[]): string[] {
  return items.map((item) => ('job' in item ? item.job.jobId : item.jobId));
}

/** The next delivery, waited for: what was accepted may take a moment to be there, what is owed comes back. */
export function next(queue: ExecutionQueue, lane: string, timeoutMs = 5_000): Promise<QueueDelivery> {
  return eventually(async () => (await queue.dequeue(lane)) ?? false, { timeoutMs });
}

/** Takes `count` deliveries, one after the other. */
export async function take(queue: ExecutionQueue, lane: string, count: number): Promise<QueueDelivery[]> {
  const deliveries: QueueDelivery[] = [];
  while (deliveries.length < count) deliveries.push(await next(queue, lane));
  return deliveries;
}
