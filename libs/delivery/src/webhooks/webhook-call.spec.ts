import type { Delivery } from '../delivery';
import type { DeliveryOptions } from '../delivery-options';
import { WebhookCall } from './webhook-call';

const OPTIONS: DeliveryOptions = {
  tryTimeoutMs: 5_000,
  scheduleMs: [],
  concurrency: 1,
  perLane: 1,
  manyOwners: true,
  allowPrivateCidrs: [],
  allowHttp: false,
  secrets: [],
  circuit: { failures: 1, openMs: 1 },
  publicUrl: null,
};
const DELIVERY: Delivery = {
  id: 'dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX',
  owner: 'local',
  event: 'webhook.test',
  subject: 'test',
  executionId: null,
  agent: null,
  channel: 'webhook',
  target: '',
  options: null,
  source: 'client',
  attempt: 1,
  createdAt: new Date(0),
};

/** What was accepted is judged again: by its text, and by every address that it has when it is called. */
describe('A webhook is never delivered to', () => {
  const calls: WebhookCall[] = [];
  afterEach(async () => {
    for (const call of calls.splice(0)) await call.onApplicationShutdown();
  });

  function send(url: string, addresses: string[] = [], more: Partial<DeliveryOptions> = {}) {
    const call = new WebhookCall({
      ...OPTIONS,
      ...more,
      resolve: (_, callback) =>
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
    });
    calls.push(call);
    const target = { url, secrets: ['whsec_MDEyMzQ1Njc4OWFiY2RlZg=='], body: 'thin', envelope: 'standard' } as const;
    return call.make(DELIVERY, null, target, new AbortController().signal);
  }

  it.each([
    'https://169.254.169.254/latest',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::7f00:1]/',
    'https://localhost./',
    'https://10.0.0.1/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'https://user:pw@example.com/',
    'https://example.com:22/',
    'http://example.com/',
  ])('%s, by its text', async (url) => {
    expect(await send(url)).toMatchObject({ kind: 'failed', retryable: false });
  });

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['169.254.169.254'],
    ['::ffff:127.0.0.1'],
    ['192.168.0.1'],
    ['fd00::1'],
    ['0.0.0.0'],
  ])('a name that has become %s', async (address) => {
    await expect(send('https://hooks.example.com/', [address])).rejects.toMatchObject({
      code: 'outbound_refused',
      retryable: false,
      message: expect.stringContaining(`resolves to ${address}`) as string,
    });
  });

  it('a network that is allowed no more', async () => {
    const url = 'http://127.0.0.1:9999/';
    await expect(send(url, [], { allowPrivateCidrs: ['127.0.0.0/8'] })).rejects.toMatchObject({
      code: 'outbound_failed',
    });
    expect(await send(url)).toMatchObject({ kind: 'failed', retryable: false });
  });
});
