/**
 * Group commit: what arrives while one flush is on its way goes together in the next. No timer, so a lone item waits
 * for nothing and a crowd shares the cost of one commit or one broker round trip.
 *
 * `flush` gets the items in order of arrival and answers one result an item, in the same order. When it throws for
 * several items they are tried again one by one, so that nobody pays for a stranger's bad item; `flush` must
 * therefore be atomic (all or nothing) or safe to repeat.
 */
export class Batcher<T, R> {
  private waiting: { item: T; resolve: (result: R) => void; reject: (reason: unknown) => void }[] = [];
  private inFlight = 0;

  constructor(
    private readonly flush: (items: T[]) => Promise<R[]>,
    private readonly limits: { maxItems: number; parallel?: number } = { maxItems: 256 },
  ) {}

  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.inFlight < (this.limits.parallel ?? 1)) {
        this.inFlight += 1;
        // One turn of the loop later: requests that were read from the same socket poll share the first flush.
        setImmediate(() => void this.drain());
      }
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.limits.maxItems);
      try {
        const results = await this.flush(batch.map((entry) => entry.item));
        batch.forEach((entry, index) => entry.resolve(results[index] as R));
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else await this.oneByOne(batch);
      }
    }
    this.inFlight -= 1;
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
