import type { DeadLetter, Discarded, Redriven } from '@longhaul/client';
import { type ChangeFlags, changeOf } from '../client/change';
import { isMeant } from '../client/chosen';
import { choiceOf, type ChooseFlags, type SelectFlags, selectionOf } from '../client/chosen-letters';
import { type ClientFlags, connect } from '../client/connect';
import { outputText } from '../client/outcome';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../terminal/event-line';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';

export interface ListGroupsFlags extends ClientFlags, SelectFlags {
  limit?: number;
  cursor?: string;
}

export interface ListLettersFlags extends ListGroupsFlags {
  state?: DeadLetter['state'] | 'all';
}

export interface RedriveFlags extends ClientFlags, ChooseFlags, ChangeFlags {
  perSecond?: number;
  delay?: number;
}

export interface DiscardFlags extends ClientFlags, ChooseFlags {
  because: string;
}

const PER_SECOND = 50;
const WIDTH = 60;

/** One page, the latest failure first. */
export async function listLetters(flags: ListLettersFlags): Promise<ExitCode> {
  const { state } = flags;
  const page = await connect(flags).deadLetters.list({ ...pageOf(flags), ...(state === undefined ? {} : { state }) });
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  const rows = page.items.map(({ execution_id, agent, reason, fingerprint, failed_at, state: of, error }) => [
    execution_id,
    of,
    agent,
    plain(reason),
    fingerprint,
    failed_at,
    oneLine(error?.message ?? '', WIDTH),
  ]);
  if (rows.length === 0) console.error('no dead letter fits');
  else printTable(['EXECUTION', 'STATE', 'AGENT', 'REASON', 'FINGERPRINT', 'FAILED', 'MESSAGE'], rows);
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

/** One page of what is open, by cause. */
export async function listGroups(flags: ListGroupsFlags): Promise<ExitCode> {
  const page = await connect(flags).deadLetters.groups(pageOf(flags));
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  const rows = page.items.map(({ fingerprint, count, agent, reason, last_failed_at, sample }) => [
    fingerprint,
    String(count),
    agent,
    plain(reason),
    last_failed_at,
    oneLine(sample.message, WIDTH),
  ]);
  if (rows.length === 0) console.error('no dead letter fits');
  else printTable(['FINGERPRINT', 'COUNT', 'AGENT', 'REASON', 'LAST FAILED', 'MESSAGE'], rows);
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

export async function showLetter(id: string, flags: ClientFlags): Promise<ExitCode> {
  const letter = await connect(flags).deadLetters.get(id);
  if (flags.json) {
    printJson(letter);
    return EXIT.ok;
  }
  const { error, input, runs, ...rest } = letter;
  for (const [name, value] of Object.entries(rest)) console.log(`${name.padEnd(16)} ${plain(String(value))}`);
  if (error) console.log(`${'error'.padEnd(16)} ${plain(`${error.message} (${error.code})`)}`);
  console.log(`${'input'.padEnd(16)} ${plain(outputText(input)).replaceAll('\n', `\n${' '.repeat(17)}`)}`);
  const rows = runs.map((run) => [
    run.run_id,
    String(run.attempt),
    run.outcome ?? '',
    run.started_at,
    oneLine(run.error?.message ?? '', WIDTH),
  ]);
  if (rows.length > 0) printTable(['RUN', 'ATTEMPT', 'OUTCOME', 'STARTED', 'ERROR'], rows);
  return EXIT.ok;
}

/** Page by page until all are; one line for each. 1 when any was refused. */
export async function redriveLetters(ids: string[], flags: RedriveFlags): Promise<ExitCode> {
  const choice = choiceOf(ids, flags);
  const change = changeOf(flags);
  const client = connect(flags);
  if (!(await isMeant('redrive', 'open dead letters', flags, client.url))) return EXIT.failed;
  const { perSecond: per_s = PER_SECOND, delay = 0 } = flags;
  const whole: Redriven = { count: 0, items: [], refused: [], remaining: 0, next_cursor: null };
  const began = performance.now();
  await pages(whole, flags, async (cursor) => {
    // Each page begins where the one before ends, so that all of them together keep the pace.
    const delay_s = Math.max(
      0,
      delay + whole.items.length / per_s - (cursor ? (performance.now() - began) / 1_000 : 0),
    );
    const page = await client.deadLetters.redrive({ ...choice, ...change, ...cursor, per_s, delay_s });
    whole.items.push(...page.items);
    for (const { retry_of, execution_id, repeated } of flags.json ? [] : page.items)
      console.log(`${retry_of} -> ${execution_id}${repeated ? ' (before)' : ''}`);
    return page;
  });
  if (!flags.json) console.error(`${whole.count} redriven${refusedText(whole)}`);
  return whole.refused.length > 0 ? EXIT.failed : EXIT.ok;
}

/** Page by page until all are. 1 when any was refused. */
export async function discardLetters(ids: string[], flags: DiscardFlags): Promise<ExitCode> {
  const choice = choiceOf(ids, flags);
  const client = connect(flags);
  if (!(await isMeant('discard', 'open dead letters', flags, client.url))) return EXIT.failed;
  const whole: Discarded = { count: 0, execution_ids: [], refused: [], remaining: 0, next_cursor: null };
  await pages(whole, flags, async (cursor) => {
    const page = await client.deadLetters.discard({ ...choice, reason: flags.because, ...cursor });
    whole.execution_ids.push(...page.execution_ids);
    return page;
  });
  if (!flags.json) console.error(`${whole.count} discarded${refusedText(whole)}`);
  return whole.refused.length > 0 ? EXIT.failed : EXIT.ok;
}

type Whole = Pick<Redriven, 'count' | 'refused' | 'remaining' | 'next_cursor'>;

/** Adds up what the pages say; what was done is told also when one of them fails. */
async function pages(whole: Whole, flags: ClientFlags, ask: (cursor: { cursor?: string }) => Promise<Whole>) {
  try {
    do {
      const page = await ask(whole.next_cursor === null ? {} : { cursor: whole.next_cursor });
      whole.count += page.count;
      whole.refused.push(...page.refused);
      whole.remaining = page.remaining;
      whole.next_cursor = page.next_cursor;
      for (const { execution_id, code, message } of flags.json ? [] : page.refused)
        console.error(plain(`${execution_id}: ${message} (${code})`));
    } while (whole.next_cursor !== null);
  } finally {
    if (flags.json) printJson(whole);
  }
}

function refusedText({ refused, remaining }: Whole): string {
  const left = remaining > 0 ? `, ${remaining} left: say it again for them` : '';
  return (refused.length > 0 ? `, ${refused.length} refused` : '') + left;
}

function pageOf(flags: ListGroupsFlags) {
  const { limit, cursor } = flags;
  return {
    ...selectionOf(flags),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
