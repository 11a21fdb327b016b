import { createRedisBackend, type Job, type JobJson, Queue, Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { QueueJob } from '../../queue-job';

/** A job that nobody settles is somebody else's after this long, plus at most two rounds of the check. */
const LOCK_MS = 5_000;
const STALLED_CHECK_MS = 3_000;
/** How many messages that are no jobs of ours each lane keeps, in BullMQ's failed set, for people to look at. */
const SET_ASIDE_KEPT = 20;

/** One lane as BullMQ has it: a queue to put jobs into and, from the first `dequeue` on, a worker to take them out. */
export class RedisLane {
  readonly queue: Queue<QueueJob>;
  private worker?: LaneWorker;

  constructor(
    private readonly name: string,
    private readonly connection: Redis,
    private readonly options: { keyPrefix: string; workerPool: string },
  ) {
    // No waiting for the connection and no events kept: nobody reads them, and each costs a command.
    this.queue = new Queue(name, { ...this.shared(), streams: { events: { maxLen: 0 } } });
    this.queue.on('error', () => undefined);
  }

  /** BullMQ's worker, used by hand: it takes nothing by itself, and it returns what dead processes left unsettled. */
  consumer(): LaneWorker {
    if (!this.worker) {
      this.worker = new LaneWorker(this.name, {
        ...this.shared(),
        name: this.options.workerPool,
        autorun: false,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        // To come back often is no fault of a job: the lease, not the queue, knows the ones that kill workers.
        maxStalledCount: Number.MAX_SAFE_INTEGER,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: SET_ASIDE_KEPT },
      });
      this.worker.on('error', () => undefined);
      void this.worker.startStalledCheckTimer();
    }
    return this.worker;
  }

  async close(): Promise<void> {
    await this.worker?.close(true);
    await this.queue.close();
  }

  private shared() {
    return {
      connection: this.connection,
      prefix: this.options.keyPrefix,
      skipVersionCheck: true,
      skipWaitingForReady: true,
    };
  }
}

class LaneWorker extends Worker<unknown> {
  constructor(name: string, options: WorkerOptions) {
    // BullMQ would give each worker a second connection for blocking pops, which are not used here.
    super(name, null, options, (queueName, shared) => createRedisBackend(queueName, shared));
  }

  /** The next round of the stalled check comes soon enough; BullMQ would sleep five seconds that `close` cannot end. */
  override checkConnectionError<T>(round: () => Promise<T>): Promise<T | undefined> {
    return super.checkConnectionError(round, 0);
  }

  /** BullMQ parses the data before it hands the job out, and for bad JSON throws an error that names no job. */
  protected override createJob(json: JobJson, jobId: string): Job<unknown> {
    return super.createJob({ ...json, data: isJson(json.data) ? json.data : 'null' }, jobId);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
