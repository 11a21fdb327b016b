import type { QueueJob } from '../queue-job';

/** A job that waits although no ring for it may be left, and the queue whose slot it takes. */
export interface LostRing {
  queue: string;
  job: QueueJob;
  /** It must have its worker for itself. */
  solo: boolean;
}

/** Where a worker with nothing to do looks for work whose ring was lost. Filled by whoever keeps the truth. */
export abstract class LostRings {
  /** The longest waiting first, at most `limit`, of these queues. Others may be given the same. */
  abstract find(queues: string[], limit: number): Promise<LostRing[]>;
}
