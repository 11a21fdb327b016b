import type { DeadLetterFilter, RedriveRequest } from '@longhaul/client';
import { type AllFlags, wayOf } from './chosen';

export interface SelectFlags {
  agent?: string;
  reason?: string;
  fingerprint?: string;
  failedAfter?: string;
  failedBefore?: string;
}

export interface ChooseFlags extends SelectFlags, AllFlags {}

type Selection = NonNullable<RedriveRequest['filter']>;
type Choice = Pick<RedriveRequest, 'execution_ids' | 'filter' | 'all'>;

export function selectionOf(flags: SelectFlags): Selection & DeadLetterFilter {
  const { agent, reason, fingerprint, failedAfter, failedBefore } = flags;
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(reason === undefined ? {} : { reason }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(failedAfter === undefined ? {} : { failed_after: failedAfter }),
    ...(failedBefore === undefined ? {} : { failed_before: failedBefore }),
  };
}

/** Which dead letters: ids, flags, or `--all`, one of them. Throws `UsageError`. */
export function choiceOf(ids: string[], flags: ChooseFlags): Choice {
  const way = wayOf(ids, selectionOf(flags), flags, '--fingerprint');
  return 'ids' in way ? { execution_ids: way.ids } : way;
}
