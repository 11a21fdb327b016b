/** Room for running executions: in all, and for each queue that has a number of its own. */
export class Slots {
  private readonly used = new Map<string, number>();
  private total = 0;

  constructor(
    readonly limit: number,
    private readonly perQueue: ReadonlyMap<string, number>,
  ) {}

  get queues(): string[] {
    return [...this.perQueue.keys()];
  }

  get inUse(): number {
    return this.total;
  }

  get free(): number {
    return this.limit - this.total;
  }

  isFree(queue: string): boolean {
    return this.total < this.limit && (this.used.get(queue) ?? 0) < (this.perQueue.get(queue) ?? 0);
  }

  take(queue: string): void {
    this.total += 1;
    this.used.set(queue, (this.used.get(queue) ?? 0) + 1);
  }

  release(queue: string): void {
    this.total -= 1;
    this.used.set(queue, (this.used.get(queue) ?? 0) - 1);
  }
}
