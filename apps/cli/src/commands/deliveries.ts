import type { Delivery, DeliveryDetail, Redelivered } from '@longhaul/client';
import { isMeant } from '../client/chosen';
import {
  type ChooseDeliveriesFlags,
  deliveryChoiceOf,
  deliverySelectionOf,
  type SelectDeliveriesFlags,
} from '../client/chosen-deliveries';
import { type ClientFlags, connect } from '../client/connect';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../terminal/event-line';
import { plain } from '../terminal/plain';
import { printFields, printJson, printTable } from '../terminal/print';

export interface ListDeliveriesFlags extends ClientFlags, SelectDeliveriesFlags {
  limit?: number;
  cursor?: string;
}

export interface RedeliverFlags extends ClientFlags, ChooseDeliveriesFlags {}

const WIDTH = 60;

/** One page, newest first. */
export async function listDeliveries(flags: ListDeliveriesFlags): Promise<ExitCode> {
  const { limit, cursor } = flags;
  const page = await connect(flags).deliveries.list({
    ...deliverySelectionOf(flags),
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  if (page.items.length === 0) console.error('no delivery fits');
  else printTable(['DELIVERY', 'STATUS', 'TRIES', 'EVENT', 'CHANNEL', 'TO', 'CREATED', 'LAST'], page.items.map(rowOf));
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

export async function showDelivery(id: string, flags: ClientFlags): Promise<ExitCode> {
  const delivery = await connect(flags).deliveries.get(id);
  if (flags.json) {
    printJson(delivery);
    return EXIT.ok;
  }
  const { tries, status: _status, status_detail: _detail, ...rest } = delivery;
  printFields({ ...rest, status: statusOf(delivery) });
  if (tries.length > 0) printTable(['TRY', 'OUTCOME', 'AT', 'TOOK', 'ERROR OR STATUS', 'ANSWER'], tries.map(tryRow));
  return EXIT.ok;
}

/** Page by page until all are; the id of each on stdout. 4 when some of the ids are nobody's. */
export async function redeliver(ids: string[], flags: RedeliverFlags): Promise<ExitCode> {
  const choice = deliveryChoiceOf(ids, flags);
  const client = connect(flags);
  if (!(await isMeant('redeliver', 'failed deliveries', flags, client.url))) return EXIT.failed;
  const whole: Redelivered = { count: 0, delivery_ids: [], next_cursor: null };
  try {
    do {
      const cursor = whole.next_cursor === null ? {} : { cursor: whole.next_cursor };
      const page = await client.deliveries.redeliverMany({ ...choice, ...cursor });
      whole.count += page.count;
      whole.delivery_ids.push(...page.delivery_ids);
      whole.next_cursor = page.next_cursor;
      for (const id of flags.json ? [] : page.delivery_ids) console.log(id);
    } while (whole.next_cursor !== null);
  } finally {
    // What was done is told also when a page fails.
    if (flags.json) printJson(whole);
    else console.error(`${whole.count} to be sent again`);
  }
  const done = new Set(whole.delivery_ids);
  const missing = ids.filter((id) => !done.has(id));
  for (const id of missing) console.error(`${plain(id)}: there is no such delivery`);
  return missing.length > 0 ? EXIT.notFound : EXIT.ok;
}

function rowOf(delivery: Delivery): string[] {
  const { delivery_id, event, channel, endpoint_id, target, attempt, created_at, last_error, last_status } = delivery;
  return [
    delivery_id,
    statusOf(delivery),
    String(attempt),
    plain(event),
    plain(channel),
    endpoint_id ?? oneLine(target ?? '', WIDTH),
    created_at,
    oneLine(last_error ?? String(last_status ?? ''), WIDTH),
  ];
}

function tryRow({ attempt, outcome, at, duration_ms, error, status, excerpt }: DeliveryDetail['tries'][number]) {
  const said = error ?? String(status ?? '');
  return [String(attempt), outcome, at, `${duration_ms} ms`, oneLine(said, WIDTH), oneLine(excerpt ?? '', WIDTH)];
}

function statusOf({ status, status_detail: detail }: Delivery): string {
  return detail === undefined ? status : `${status} (${detail})`;
}
