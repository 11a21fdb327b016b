import type { Finding } from '@longhaul/kernel';
import type { QueueDelivery, QueueJob } from './queue-job';

/**
 * The port to a queue backend: five verbs, each of which answers at once.
 *
 * In the contract (proven for each provider by `describeQueueContract` in testing/):
 * - `enqueue` resolves once the backend has accepted the job; it rejects within seconds when the backend is away,
 *   it never buffers without limit.
 * - a job is delivered at least once, first in first out within its lane for a lone consumer, until it is acked.
 * - a delivery that was neither acked nor nacked comes back when its process dies or loses its connection.
 *
 * Not in the contract, because the layers above do it the same way for every backend: delays, retries, priorities
 * (lanes), time limits, exactly-once (the claim is a conditional statement in the database), waiting for work.
 */
export abstract class ExecutionQueue {
  /** False for a queue that lives inside one process: it cannot serve a worker of its own, and `serve` refuses to try. */
  readonly crossProcess: boolean = true;

  /** Resolves once the backend accepted the job. Rejects (and may have accepted it all the same) when it is away. */
  abstract enqueue(lane: string, job: QueueJob): Promise<void>;

  /** The next job of the lane, or null when it is empty now. Never waits for one to arrive. */
  abstract dequeue(lane: string): Promise<QueueDelivery | null>;

  /** The job is done with. Never rejects for a delivery that the backend has taken back meanwhile. */
  abstract ack(delivery: QueueDelivery): Promise<void>;

  /** Back to the lane, for anyone. Never rejects for a delivery that the backend has taken back meanwhile. */
  abstract nack(delivery: QueueDelivery): Promise<void>;

  /** Takes a waiting job out of the lane if the backend can; true if it did. Best effort: the claim decides anyway. */
  abstract cancel(lane: string, jobId: string): Promise<boolean>;

  /** Several at once; a provider with a cheaper way than one by one overrides this. All or an error. */
  async enqueueMany(entries: { lane: string; job: QueueJob }[]): Promise<void> {
    await Promise.all(entries.map(({ lane, job }) => this.enqueue(lane, job)));
  }

  /** How many jobs wait in the lane, for people and dashboards; null when the backend cannot tell. */
  depth(_lane: string): Promise<number | null> {
    return Promise.resolve(null);
  }

  /** Resolves when the backend answers; rejects with a reason that names it. For readiness. */
  ping(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * What an operator should know of an open backend: its version, what it would lose and when, how much waits in these
   * lanes. Changes nothing. Rejects when the backend does not answer.
   */
  async examine(_lanes: string[]): Promise<Finding[]> {
    await this.ping();
    return [{ subject: 'queue', level: 'ok', message: 'answers' }];
  }

  /** Called once before the first verb. Rejects with a `ConfigurationError` for what no waiting will mend. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  /** Called once after the last verb. Unsettled deliveries go back to their lanes. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
