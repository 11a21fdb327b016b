import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { DeadLetterFilter, RedriveRequest } from '@longhaul/client';
import { EXIT } from '../exit-codes';
import { UsageError } from '../usage-error';

export interface SelectFlags {
  agent?: string;
  reason?: string;
  fingerprint?: string;
  failedAfter?: string;
  failedBefore?: string;
}

export interface ChooseFlags extends SelectFlags {
  all?: boolean;
  yes?: boolean;
}

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
  const filter = selectionOf(flags);
  const given = [
    ...(ids.length > 0 ? ['ids'] : []),
    ...(Object.keys(filter).length > 0 ? ['flags that select'] : []),
    ...(flags.all ? ['--all'] : []),
  ];
  if (given.length === 0) throw new UsageError('which ones? give ids, flags such as --fingerprint, or --all');
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other: leave one of them out`);
  if (ids.length > 0) return { execution_ids: ids };
  return flags.all ? { all: true } : { filter };
}

/** Asks before all there is is handled. False: the person said no. Throws `UsageError` where there is nobody to ask. */
export async function isMeant(verb: string, { all, yes }: ChooseFlags, url: string): Promise<boolean> {
  if (!all || yes) return true;
  if (!process.stdin.isTTY) throw new UsageError(`--all: nobody can be asked here, say --yes to ${verb} all of them`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on('SIGINT', () => process.exit(EXIT.interrupted));
  try {
    const closed = once(terminal, 'close').then(() => '');
    const said = await Promise.race([terminal.question(`${verb} all open dead letters at ${url}? [y/N] `), closed]);
    return /^y(es)?$/i.test(said.trim());
  } finally {
    terminal.close();
  }
}
