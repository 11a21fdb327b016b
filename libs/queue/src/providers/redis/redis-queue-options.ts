export interface RedisQueueOptions {
  /** `redis://` or `rediss://`, with the database as the path. */
  url: string;
  /** What every key begins with (`queue.stream_key`). Two gateways on one Redis need two. */
  keyPrefix: string;
  /** A label for this pool of workers, kept with each job (`queue.consumer_group`). Nothing depends on it. */
  workerPool: string;
  /** Start although Redis may throw jobs away when it runs short of memory. */
  allowEvicting: boolean;
}

export const REDIS_QUEUE_OPTIONS = Symbol('RedisQueueOptions');
