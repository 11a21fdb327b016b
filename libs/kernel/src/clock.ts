/**
 * Time inside one process. What several processes compare (leases, due times, expiries) uses the database's clock
 * instead: see `Database.now`.
 */
export abstract class Clock {
  /** Milliseconds since the epoch. May jump; only for what people read and for short hints. */
  abstract now(): number;
  /** Milliseconds that only ever rise, whatever is done to the system's clock. For measuring how long something took. */
  abstract monotonic(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }
}
