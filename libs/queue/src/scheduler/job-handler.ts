import type { QueueJob } from '../queue-job';

export interface JobControl {
  /** Settles the delivery. Called as soon as the job is claimed, so that the broker holds nothing while it runs. */
  ack(): Promise<void>;
  /** Nothing else runs in this worker, and nothing will be taken until this has ended. */
  readonly solo: boolean;
}

/** `done`: settled, whatever came of it. `undecided`: nothing could be decided about it (the database is away). */
export type JobOutcome = 'done' | 'undecided';

/** Resolves when the job's run has ended. Never rejects: what happens to an execution is not an error of its ring. */
export type JobHandler = (job: QueueJob, control: JobControl) => Promise<JobOutcome>;
