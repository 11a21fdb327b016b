import type { Database } from '@longhaul/database';
import { DeliveriesService } from '../../../libs/delivery/src/deliveries.service';
import { DeliveryNews } from '../../../libs/delivery/src/delivery-news';
import { DeliveryOrders } from '../../../libs/delivery/src/delivery-orders';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory/memory-hint-bus';
import { describeOnDatabases } from '../../support/databases';
import { empty } from '../executions/fixtures';
import { OPTIONS } from './delivery-fixture';

const ADA = { owner: 'ada', isOperator: false };

describeOnDatabases('The log of deliveries', (get) => {
  let database: Database;
  let log: DeliveriesService;
  let ids: string[];

  beforeEach(async () => {
    ({ database } = get());
    await empty(database, 'deliveries', 'delivery_tries');
    const news = new DeliveryNews(new MemoryHintBus());
    log = new DeliveriesService(database, news, OPTIONS);
    const order = { owner: 'ada', event: 'execution.failed', channel: 'webhook', source: 'client' as const };
    const targets = ['a', 'b', 'c'].map((target) => ({ ...order, subject: `about ${target}`, target }));
    ids = await new DeliveryOrders(database, news, OPTIONS).place(targets);
    ids.sort();
    await database.run(`UPDATE deliveries SET status = 'failed', attempt = 3, ended_at = 1 WHERE target <> 'c'`);
  });

  it('is read by its owner alone, newest first, page by page, and by what is asked for', async () => {
    const all = await log.list('ada', {}, 10);
    expect(all.map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await log.list('ada', {}, 10, ids[1])).map(({ id }) => id)).toEqual([ids[0]]);
    const asked = {
      status: 'failed' as const,
      event: 'execution.failed',
      channel: 'webhook',
      createdAfter: 1,
      createdBefore: Date.now() + 600_000,
    };
    expect(await log.list('ada', asked, 10)).toHaveLength(2);
    expect(await log.list('ada', { ...asked, agent: 'nobody' }, 10)).toEqual([]);
    expect(await log.list('bob', {}, 10)).toEqual([]);
    await expect(log.get(ids[0] ?? '', 'bob')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('has one, some or all sent again, for their owner alone', async () => {
    expect(await log.redeliverMatching({ owner: 'bob', isOperator: false }, {}, 10)).toEqual([]);
    expect(await log.redeliverThese(ADA, [...ids, 'dlv_unknown'])).toEqual(ids);
    await database.run(`UPDATE deliveries SET status = 'failed'`);
    expect(await log.redeliverMatching(ADA, { status: 'failed' }, 2)).toEqual(ids.slice(0, 2));
    expect(await log.redeliverMatching(ADA, { status: 'failed' }, 2, ids[1])).toEqual(ids.slice(2));
    expect(await log.redeliver(ids[0] ?? '', ADA)).toMatchObject({ id: ids[0], status: 'pending' });
  });
});
