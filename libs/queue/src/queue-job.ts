import { isId, isJsonObject } from '@longhaul/kernel';

/**
 * The queue's whole message: an address, never a parcel. What is to be done stands in the database; a job that is
 * delivered twice, late or for an execution that is gone finds nothing to claim and is forgotten.
 */
export interface QueueJob {
  v: 1;
  /** Minted anew for every ring, so that no broker mistakes a retry for a duplicate. */
  jobId: string;
  executionId: string;
}

/** One job handed out by a provider. `receipt` is the provider's own: what it needs to settle exactly this delivery. */
export interface QueueDelivery {
  lane: string;
  job: QueueJob;
  receipt: unknown;
}

/**
 * A broker's payload as a job, or null when it is none: another version, hostile or broken. A provider settles such a
 * message away from the lane, logs it, and goes on with the next; it never throws for it.
 */
export function parseQueueJob(payload: unknown): QueueJob | null {
  if (!isJsonObject(payload)) return null;
  const { v, jobId, executionId } = payload;
  if (v !== 1 || typeof jobId !== 'string' || typeof executionId !== 'string') return null;
  return isId('job', jobId) && isId('exec', executionId) ? { v, jobId, executionId } : null;
}
