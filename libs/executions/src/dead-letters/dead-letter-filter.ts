import type { SqlValue } from '@longhaul/database';

export const DEAD_LETTER_STATES = ['open', 'redriven', 'discarded'] as const;
/** `open`: nobody has looked after it yet. */
export type DeadLetterState = (typeof DEAD_LETTER_STATES)[number];

/** Which dead letters of one owner; all that is given must hold. */
export interface DeadLetterFilter {
  target?: string;
  reason?: string;
  fingerprint?: string;
  /** Milliseconds, by the database's clock. */
  failedAfter?: number;
  failedBefore?: number;
  /** Absent: whatever became of them. */
  state?: DeadLetterState;
}

/** Conditions on `dead_letters d`, joined by AND, and their parameters; more may be added to both. */
export class Conditions {
  readonly params: SqlValue[] = [];
  private readonly parts: string[] = [];

  constructor(owner: string, filter: DeadLetterFilter) {
    this.add((param) => `d.owner = ${param}`, owner);
    this.add((param) => `d.target = ${param}`, filter.target);
    this.add((param) => `d.reason = ${param}`, filter.reason);
    this.add((param) => `d.fingerprint = ${param}`, filter.fingerprint);
    this.add((param) => `d.failed_at > ${param}`, filter.failedAfter);
    this.add((param) => `d.failed_at < ${param}`, filter.failedBefore);
    if (filter.state === 'open') this.parts.push('d.handled_at IS NULL');
    else this.add((param) => `d.handling = ${param}`, filter.state);
  }

  /** The part with a parameter for each value; nothing where any is absent. */
  add(part: (...params: string[]) => string, ...values: (SqlValue | undefined)[]): this {
    if (values.includes(undefined)) return this;
    this.parts.push(part(...values.map((value) => this.param(value ?? null))));
    return this;
  }

  param(value: SqlValue): string {
    this.params.push(value);
    return `$${this.params.length}`;
  }

  get text(): string {
    return this.parts.join(' AND ');
  }
}
