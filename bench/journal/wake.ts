import { setTimeout as pause } from 'node:timers/promises';
import { send } from '../http-client';
import { type Ledger, machineMs, type Note } from '../ledger';
import { BODY } from '../measures/load';
import { percentile, spread } from '../report/statistics';
import { table } from '../report/table';
import { type Target, urlOf } from '../targets/target';

const WARM_UP = 5;

interface Times {
  /** From sending the submission until its handler begins. */
  start: number;
  /** From the handler's call of `waitForEvent` until the record says `waiting`, asked every 2 ms. */
  park: number;
  /** From sending the event until the handler has it. */
  wake: number;
}

/** One at a time, on an idle gateway. */
export async function wakeRow(target: Target, ledger: Ledger, amount: number): Promise<string[]> {
  const times: Times[] = [];
  for (let n = -WARM_UP; n < amount; n += 1) {
    const one = await parkAndWake(target, ledger);
    if (n >= 0) times.push(one);
  }
  const of = (what: keyof Times) => times.map((one) => one[what]);
  const pair = (what: keyof Times) => [50, 99].map((percent) => percentile(of(what), percent).toFixed(1)).join(' > ');
  const ratios = times.map(({ wake, start }) => wake / start);
  return [target.name, pair('start'), pair('park'), pair('wake'), spread(ratios, 1)];
}

export const wakeTable = (rows: string[][]): string =>
  table(['target', 'start p50 > p99, ms', 'park p50 > p99, ms', 'wake p50 > p99, ms', 'wake / start'], rows);

async function parkAndWake(target: Target, ledger: Ledger): Promise<Times> {
  const submittedAt = machineMs();
  const accepted = await send('POST', `${urlOf(target)}/v1/agents/waiter/chat`, BODY);
  const id = accepted['execution_id'] as string;
  const { atMs: begunAt } = await noted(ledger, 'started', id);
  while ((await send('GET', `${urlOf(target)}/v1/executions/${id}`))['status'] !== 'waiting') await pause(2);
  const waitsAt = machineMs();
  await send('POST', `${urlOf(target)}/v1/events`, JSON.stringify({ name: 'bench.go', execution_id: id }));
  const { atMs: wokenAt } = await noted(ledger, 'ended', id);
  await send('GET', `${urlOf(target)}/v1/executions/${id}?wait=25`);
  return { start: begunAt - submittedAt, park: waitsAt - begunAt, wake: wokenAt - waitsAt };
}

/** The first one: the handler begins anew when it is woken. */
async function noted(ledger: Ledger, what: Note['what'], id: string): Promise<Note> {
  for (;;) {
    const found = ledger.read().find((entry) => entry.id === id && entry.what === what);
    if (found) return found;
    await pause(1);
  }
}
