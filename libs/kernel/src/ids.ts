import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** The prefix tells what an id names; see "Words" in docs/architecture.md. */
export type IdPrefix = 'exec' | 'job' | 'run' | 'conv' | 'step' | 'wrk' | 'corr' | 'dlv' | 'whe' | 'wait' | 'appr';
export type Id<P extends IdPrefix> = `${P}_${string}`;

/** Random bytes by the pool: one at a time, as the library would take them, each costs a call into the system. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

const ulid = monotonicFactory(random);

/** A new id: prefix and ULID, so ids made in one process sort in the order in which they were made. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return `${prefix}_${ulid()}`;
}

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Whether `value` has the form of an id with this prefix. Says nothing about whether it exists. */
export function isId<P extends IdPrefix>(prefix: P, value: string): value is Id<P> {
  return value.startsWith(`${prefix}_`) && ULID.test(value.slice(prefix.length + 1));
}
