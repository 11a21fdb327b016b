import { monotonicFactory } from 'ulid';

/** The prefix tells what an id names; see "Words" in docs/architecture.md. */
export type IdPrefix = 'exec' | 'job' | 'run' | 'conv' | 'step' | 'wrk' | 'corr';
export type Id<P extends IdPrefix> = `${P}_${string}`;

const ulid = monotonicFactory();

/** A new id: prefix and ULID, so ids made in one process sort in the order in which they were made. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return `${prefix}_${ulid()}`;
}

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Whether `value` has the form of an id with this prefix. Says nothing about whether it exists. */
export function isId<P extends IdPrefix>(prefix: P, value: string): value is Id<P> {
  return value.startsWith(`${prefix}_`) && ULID.test(value.slice(prefix.length + 1));
}
