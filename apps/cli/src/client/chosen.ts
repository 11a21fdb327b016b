import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { EXIT } from '../exit-codes';
import { UsageError } from '../usage-error';

export interface AllFlags {
  all?: boolean;
  yes?: boolean;
}

type Way<Filter> = { ids: string[] } | { filter: Filter } | { all: true };

/** Which ones: ids, flags such as the example, or `--all`, one of them. Throws `UsageError`. */
export function wayOf<Filter extends object>(
  ids: string[],
  filter: Filter,
  { all }: AllFlags,
  example: string,
): Way<Filter> {
  const given = [
    ...(ids.length > 0 ? ['ids'] : []),
    ...(Object.keys(filter).length > 0 ? ['flags that select'] : []),
    ...(all ? ['--all'] : []),
  ];
  if (given.length === 0) throw new UsageError(`which ones? give ids, flags such as ${example}, or --all`);
  if (given.length > 1) throw new UsageError(`${given.join(' and ')} exclude each other: leave one of them out`);
  if (ids.length > 0) return { ids };
  return all ? { all: true } : { filter };
}

/**
 * Asks before all there is is handled: `redrive`, `open dead letters`. False: the person said no. Throws `UsageError`
 * where there is nobody to ask.
 */
export async function isMeant(verb: string, what: string, { all, yes }: AllFlags, url: string): Promise<boolean> {
  if (!all || yes) return true;
  if (!process.stdin.isTTY) throw new UsageError(`--all: nobody can be asked here, say --yes to ${verb} all of them`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on('SIGINT', () => process.exit(EXIT.interrupted));
  try {
    const closed = once(terminal, 'close').then(() => '');
    const said = await Promise.race([terminal.question(`${verb} all ${what} at ${url}? [y/N] `), closed]);
    return /^y(es)?$/i.test(said.trim());
  } finally {
    terminal.close();
  }
}
