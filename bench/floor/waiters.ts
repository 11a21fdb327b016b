/** Callers who wait for an id: `tell` wakes all who wait for it. */
export class Waiters {
  private readonly waiting = new Map<string, Set<() => void>>();

  tell(id: string): void {
    for (const wake of this.waiting.get(id) ?? []) wake();
  }

  /** What `read` answers as soon as that is not null, or what it answers when the time is up. */
  async until<T>(id: string, waitMs: number, read: () => T | Promise<T>): Promise<T> {
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    const timer = setTimeout(wake, waitMs);
    const set = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, set.add(wake));
    try {
      const value = await read();
      if (value !== null) return value;
      await woken;
      return await read();
    } finally {
      clearTimeout(timer);
      set.delete(wake);
      if (set.size === 0) this.waiting.delete(id);
    }
  }
}
