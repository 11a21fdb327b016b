/** How many may be counted under one name within a window of time. */
export interface CounterLimit {
  /** Of one kind of counter: the same name in another kind is another counter. */
  kind: string;
  limit: number;
  windowS: number;
}

/** How a counter stands. */
export interface CounterState {
  /** More were counted than may be. */
  exceeded: boolean;
  remaining: number;
  /** Until the window is over and the count begins anew. */
  resetMs: number;
}

/**
 * Counts requests within windows of time, on behalf of limits. The window of a name begins with its first count. With
 * a broker that can keep counters, all processes share them; otherwise each has its own. Never rejects: a limit is not
 * worth a refused request.
 */
export abstract class RequestCounters {
  /** Counts one more. */
  abstract count(limit: CounterLimit, name: string): Promise<CounterState>;

  /** Without counting. */
  abstract look(limit: CounterLimit, name: string): Promise<CounterState>;
}
