import { LonghaulClient, LonghaulConnectionError } from '@longhaul/client';
import { eventually } from '../../support/eventually';
import { verified, WebhookReceiver } from '../../support/webhook-receiver';
import { TestGateway } from '../http/test-gateway';
import { FaultyFetch } from './faulty-fetch';

const NOWHERE = 'dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX';

describe('the client, on webhooks and deliveries', () => {
  let gateway: TestGateway;
  let receiver: WebhookReceiver;
  let url: string;
  let client: LonghaulClient;

  beforeAll(async () => {
    const env = { LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.1/32"]', LONGHAUL_WEBHOOKS__RETRY_SCHEDULE_S: '[]' };
    gateway = await TestGateway.start({ env });
    url = await gateway.listen();
    client = new LonghaulClient({ url });
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    receiver.stop();
    await gateway.stop();
  });
  beforeEach(() => {
    receiver.script = () => ({});
  });
  afterEach(async () => {
    for (const { endpoint_id: id } of (await client.webhooks.list()).items) await client.webhooks.remove(id);
  });

  const ended = (id: string) =>
    eventually(async () => {
      const delivery = await client.deliveries.get(id);
      return delivery.status !== 'pending' && delivery;
    });
  const arrived = (id: string, times = 1) =>
    eventually(() => {
      const calls = receiver.calls.filter(({ headers }) => headers['webhook-id'] === id);
      return calls.length >= times && calls.at(-1);
    });

  it('registers, lists, reads, changes and removes an endpoint', async () => {
    const { secret, ...made } = await client.webhooks.create({ url: receiver.url, events: ['execution.failed'] });
    const id = made.endpoint_id;
    expect(secret).toMatch(/^whsec_/);
    expect(made).toMatchObject({ url: receiver.url, events: ['execution.failed'], enabled: true });
    expect(await client.webhooks.list({ limit: 1 })).toEqual({ items: [made], next_cursor: null });
    expect(await client.webhooks.get(id)).toEqual(made);
    expect(await client.webhooks.update(id, { enabled: false })).toMatchObject({ enabled: false, events: made.events });
    await client.webhooks.remove(id);
    await expect(client.webhooks.get(id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(client.webhooks.remove(id)).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });

  it('tests one, and has both of its secrets sign while the old one is being replaced', async () => {
    const { endpoint_id: id, secret: old } = await client.webhooks.create({ url: receiver.url });
    const { secret, previous_secret_until: until } = await client.webhooks.rotateSecret(id, { overlap_s: 3_600 });
    expect(secret).not.toBe(old);
    expect(until).toBeDefined();
    const { delivery_id: test } = await client.webhooks.test(id);
    const call = await arrived(test);
    for (const signer of [old, secret]) expect(verified(call, signer)).toMatchObject({ type: 'webhook.test' });
    await client.webhooks.rotateSecret(id, { overlap_s: 0 });
    const { delivery_id: later } = await client.webhooks.test(id);
    const signed = await arrived(later);
    expect(() => verified(signed, secret)).toThrow(/signature/i);
  });

  it('reads the deliveries and has one, some and all that failed sent again', async () => {
    const { endpoint_id: id } = await client.webhooks.create({ url: receiver.url });
    receiver.script = () => ({ status: 500, body: 'not today' });
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.push((await client.webhooks.test(id)).delivery_id);
    for (const one of ids) expect(await ended(one)).toMatchObject({ status: 'failed', tries: [{ status: 500 }] });
    const failed = { endpoint_id: id, status: 'failed' } as const;
    const page = await client.deliveries.list({ ...failed, limit: 2 });
    expect(page.items.map(({ delivery_id }) => delivery_id)).toEqual([ids[2], ids[1]]);
    const next = await client.deliveries.list({ ...failed, cursor: page.next_cursor ?? '' });
    expect(next).toMatchObject({ items: [{ delivery_id: ids[0] }], next_cursor: null });

    receiver.script = () => ({});
    const [first = '', second = '', third = ''] = ids;
    expect(await client.deliveries.redeliver(first)).toMatchObject({ delivery_id: first, attempt: 1 });
    expect(await ended(first)).toMatchObject({ status: 'delivered', tries: [{ attempt: 1 }, { attempt: 2 }] });
    const some = await client.deliveries.redeliverMany({ delivery_ids: [second, NOWHERE] });
    expect(some).toEqual({ count: 1, delivery_ids: [second], next_cursor: null });
    expect(await ended(second)).toMatchObject({ status: 'delivered' });
    expect(await client.deliveries.redeliverMany({ all: true })).toMatchObject({ count: 1, delivery_ids: [third] });
    expect(await ended(third)).toMatchObject({ status: 'delivered' });
    const again = await client.deliveries.redeliverMany({ filter: { endpoint_id: id, status: 'delivered' }, max: 1 });
    expect(again).toMatchObject({ delivery_ids: [first], next_cursor: expect.any(String) as string });
    await arrived(first, 3);
  });

  it('asks once for what has a secret in its answer, else it would be lost', async () => {
    const faulty = new FaultyFetch().loseReply();
    const losing = new LonghaulClient({ url, fetch: faulty.fetch });
    await expect(losing.webhooks.create({ url: receiver.url })).rejects.toThrow(LonghaulConnectionError);
    const { items } = await client.webhooks.list();
    expect([faulty.seen.length, items.length]).toEqual([1, 1]);

    const { endpoint_id: id, secret } = await client.webhooks.create({ url: receiver.url });
    faulty.loseReply();
    await expect(losing.webhooks.rotateSecret(id)).rejects.toThrow(LonghaulConnectionError);
    const { delivery_id: test } = await client.webhooks.test(id);
    expect(verified(await arrived(test), secret)).toMatchObject({ type: 'webhook.test' });
  });

  it('says what is wrong', async () => {
    await expect(client.webhooks.create({ url: 'ftp://example.com' })).rejects.toMatchObject({
      status: 422,
      code: 'invalid_request',
      errors: [expect.objectContaining({ path: 'url' }) as object],
    });
    await expect(client.webhooks.rotateSecret('x')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('whe_') as string,
    });
    await expect(client.webhooks.test('x')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('whe_') as string,
    });
    await expect(client.deliveries.get('x')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining('dlv_') as string,
    });
    await expect(client.deliveries.redeliver(NOWHERE)).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(client.deliveries.redeliverMany({})).rejects.toThrow(/exactly one of/);
  });
});
