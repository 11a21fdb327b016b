import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Group commit: what arrives while one flush is on its way goes together in the next. No timer, so a lone item waits
 * for nothing and a crowd shares the cost of one commit or one broker round trip.
 *
 * `flush` gets the items in order of arrival and answers one result an item, in the same order. When it throws, all of
 * them fail, unless `isBadItem` says of the error that one of them was bad and surely nothing came of the others:
 * then each is tried again by itself, so that nobody pays for a stranger's. Where that is in doubt (an answer that was
 * lost) trying again might do the same thing twice.
 */
export class Batcher<T, R> {
  private waiting: { item: T; resolve: (result: R) => void; reject: (reason: unknown) => void }[] = [];
  private inFlight = 0;
  /** What is flushed together belongs to no one of those who gave it: not to his log lines, nor to his span. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly flush: (items: T[]) => Promise<R[]>,
    private readonly options: {
      maxItems: number;
      /** What a flush may weigh; an item that is heavier goes alone. */
      weight?: { of: (item: T) => number; max: number };
      parallel?: number;
      isBadItem?: (error: unknown) => boolean;
    },
  ) {}

  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.inFlight < (this.options.parallel ?? 1)) {
        this.inFlight += 1;
        // One turn of the loop later: requests that were read from the same socket poll share the first flush.
        setImmediate(() => this.outside(() => void this.drain()));
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.fitting());
      try {
        const results = await this.flush(batch.map((entry) => entry.item));
        batch.forEach((entry, index) => entry.resolve(results[index] as R));
      } catch (error) {
        if (batch.length > 1 && this.options.isBadItem?.(error)) await this.oneByOne(batch);
        else for (const entry of batch) entry.reject(error);
      }
    }
    this.inFlight -= 1;
  }

  /** How many of those that wait go together. */
  private fitting(): number {
    const { maxItems, weight } = this.options;
    const some = Math.min(maxItems, this.waiting.length);
    if (!weight) return some;
    let [count, total] = [0, 0];
    for (const { item } of this.waiting.slice(0, some)) {
      total += weight.of(item);
      if (count > 0 && total > weight.max) break;
      count += 1;
    }
    return count;
  }

  private async oneByOne(batch: typeof this.waiting): Promise<void> {
    for (const entry of batch) {
      try {
        const [result] = await this.flush([entry.item]);
        entry.resolve(result as R);
      } catch (error) {
        entry.reject(error);
      }
    }
  }
}
