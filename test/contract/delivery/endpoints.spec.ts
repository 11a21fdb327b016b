import type { Database } from '@longhaul/database';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory/memory-hint-bus';
import { DeliveryNews } from '../../../libs/delivery/src/delivery-news';
import { DeliveryOrders } from '../../../libs/delivery/src/delivery-orders';
import { EndpointsService } from '../../../libs/delivery/src/webhooks/endpoints.service';
import { describeOnDatabases } from '../../support/databases';
import { empty } from '../executions/fixtures';
import { OPTIONS } from './delivery-fixture';

describeOnDatabases('Webhook endpoints', (get) => {
  let database: Database;
  let endpoints: EndpointsService;
  beforeEach(async () => {
    ({ database } = get());
    await empty(database, 'webhook_endpoints', 'deliveries');
    const hints = new MemoryHintBus();
    const orders = new DeliveryOrders(database, new DeliveryNews(hints), OPTIONS);
    endpoints = new EndpointsService(database, hints, orders, OPTIONS);
  });

  it('are registered, changed, tested and removed by their owner alone', async () => {
    const settings = { url: 'https://example.com/hook', description: null, events: [], agents: ['echo'] };
    const { endpoint } = await endpoints.create('local', { ...settings, body: 'thin', envelope: 'standard' });
    expect(endpoint).toMatchObject({ owner: 'local', url: settings.url, agents: ['echo'], enabled: true, failures: 0 });
    const { id } = endpoint;
    await expect(endpoints.update(id, 'another', { body: 'whole' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await endpoints.update(id, 'local', { body: 'whole' })).toMatchObject({ body: 'whole', agents: ['echo'] });
    expect((await endpoints.rotate(id, 'local', 60_000)).endpoint.previousSecretUntil).toBeInstanceOf(Date);
    expect(await endpoints.test(id, 'local')).toMatch(/^dlv_/);
    expect(await endpoints.list('local', 10)).toMatchObject([{ id }]);
    expect(await endpoints.list('another', 10)).toEqual([]);
    await endpoints.delete(id, 'local');
    await expect(endpoints.get(id, 'local')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('have their circuit closed when they are said to be enabled, and by nothing else that stays as it is', async () => {
    const settings = { url: 'https://example.com/hook', description: null, events: [], agents: [] };
    const { endpoint } = await endpoints.create('local', { ...settings, body: 'thin', envelope: 'standard' });
    await database.run('UPDATE webhook_endpoints SET failures = 3, open_until = 4102444800000');
    expect(await endpoints.update(endpoint.id, 'local', { url: settings.url })).toMatchObject({ failures: 3 });
    const enabled = await endpoints.update(endpoint.id, 'local', { enabled: true });
    expect(enabled).toMatchObject({ failures: 0, openUntil: null });
  });
});
