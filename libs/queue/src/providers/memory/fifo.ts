/**
 * First in, first out, with removal by key; every operation in constant time, amortised. (A Map alone would do, were
 * it not that finding its first key walks over every deleted one before it.)
 */
export class Fifo<T> {
  private entries: { key: string; value: T }[] = [];
  private head = 0;
  private readonly live = new Set<string>();

  get size(): number {
    return this.live.size;
  }

  push(key: string, value: T): void {
    this.live.add(key);
    this.entries.push({ key, value });
  }

  shift(): T | undefined {
    while (this.head < this.entries.length) {
      const entry = this.entries[this.head];
      this.head += 1;
      this.compact();
      if (entry && this.live.delete(entry.key)) return entry.value;
    }
    return undefined;
  }

  /** True if the key was waiting. Its entry stays behind as a hole that `shift` skips. */
  remove(key: string): boolean {
    return this.live.delete(key);
  }

  private compact(): void {
    if (this.head > 1024 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
}
