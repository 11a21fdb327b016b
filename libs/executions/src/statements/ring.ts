import type { Row } from '@longhaul/database';
import type { Priority } from '@longhaul/kernel';

/** What is needed to ring for an execution. */
export interface Ring {
  executionId: string;
  jobId: string;
  queue: string;
  priority: Priority;
}

export const toRing = (row: Row): Ring => ({
  executionId: row.id as string,
  jobId: row.job_id as string,
  queue: row.queue as string,
  priority: row.priority as Priority,
});
