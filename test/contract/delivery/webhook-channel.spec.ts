import type { Database } from '@longhaul/database';
import type { Delivery, DeliveryOptions } from '@longhaul/delivery';
import { newId } from '@longhaul/kernel';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory';
import { DeliveryNews } from '../../../libs/delivery/src/delivery-news';
import { DeliveryOrders } from '../../../libs/delivery/src/delivery-orders';
import { DeliveryChannels } from '../../../libs/delivery/src/delivery-channels';
import { CallbackSecrets } from '../../../libs/delivery/src/webhooks/callback-secrets';
import { EndpointCircuit } from '../../../libs/delivery/src/webhooks/endpoint-circuit';
import { insertEndpoint } from '../../../libs/delivery/src/webhooks/endpoint-statements';
import { WebhookCall } from '../../../libs/delivery/src/webhooks/webhook-call';
import { WebhookChannel } from '../../../libs/delivery/src/webhooks/webhook-channel';
import { describeOnDatabases } from '../../support/databases';
import { type ReceiverAnswer, WebhookReceiver } from '../../support/webhook-receiver';
import { empty } from '../executions/fixtures';
import { OPTIONS } from './delivery-fixture';

const DATABASE_AWAY = { kind: 'postponed', reason: 'the database does not answer' };
const FAILED_BEFORE = 1;

/** A table that is not there stands for a database that does not answer. */
describeOnDatabases('The webhook channel', (get) => {
  let database: Database;
  let receiver: WebhookReceiver;
  let calls: WebhookCall | undefined;
  let missing: string | null;

  beforeEach(async () => {
    ({ database } = get());
    missing = null;
    await empty(database, 'webhook_endpoints', 'gateway_secrets', 'deliveries');
    receiver = await WebhookReceiver.start();
  });
  afterEach(async () => {
    if (missing !== null) await database.run(`ALTER TABLE taken_away RENAME TO ${missing}`);
    receiver.stop();
    await calls?.onApplicationShutdown();
  });

  const takeAway = async (table: string) => {
    await database.run(`ALTER TABLE ${table} RENAME TO taken_away`);
    missing = table;
  };
  const giveBack = async () => {
    await database.run(`ALTER TABLE taken_away RENAME TO ${String(missing)}`);
    missing = null;
  };

  function send(target: string) {
    const { secret: _secret, ...options }: DeliveryOptions = OPTIONS;
    calls = new WebhookCall(options);
    const secrets = new CallbackSecrets(database, options);
    const circuit = new EndpointCircuit(database, options);
    const channel = new WebhookChannel(new DeliveryChannels(), database, calls, secrets, circuit);
    const delivery: Delivery = {
      id: newId('dlv'),
      owner: 'local',
      event: 'webhook.test',
      subject: 'test',
      executionId: null,
      agent: null,
      channel: 'webhook',
      target,
      options: null,
      source: 'client',
      attempt: 1,
      createdAt: new Date(),
    };
    return channel.send(delivery, null, new AbortController().signal);
  }

  async function endpoint(): Promise<string> {
    const id = newId('whe');
    const settings = { url: receiver.url, description: null, events: [], agents: [] };
    await insertEndpoint(
      database,
      { id, owner: 'local', secret: OPTIONS.secret ?? '', ...settings, body: 'thin', envelope: 'standard' },
      { max: 10, believedMs: 0 },
    );
    await database.run('UPDATE webhook_endpoints SET failures = $1', [FAILED_BEFORE]);
    return id;
  }

  it('leaves an endpoint alone that fails in a row, lets one try after a while, and forgets when that arrives', async () => {
    const id = await endpoint();
    const state = async () => (await database.read('SELECT failures, open_until, enabled FROM webhook_endpoints'))[0];
    receiver.script = () => ({ status: 500 });
    for (let tries = FAILED_BEFORE; tries < OPTIONS.circuit.failures; tries += 1) {
      expect(await send(id)).toMatchObject({ kind: 'failed', status: 500 });
    }
    expect(await send(id)).toMatchObject({ kind: 'postponed', reason: expect.stringContaining('circuit') as string });
    await database.run('UPDATE webhook_endpoints SET open_until = 1');
    receiver.script = () => ({ status: 200 });
    expect(await send(id)).toMatchObject({ kind: 'delivered' });
    expect(await state()).toMatchObject({ failures: 0, open_until: null });
    receiver.script = () => ({ status: 410 });
    await send(id);
    expect(Boolean((await state())?.enabled)).toBe(false);
  });

  it('puts off what waits for an endpoint that is left alone, and has it sent when that answers again', async () => {
    const id = await endpoint();
    const { now } = database.dialect;
    const orders = [1, 2, 3].map((n) => ({ subject: `test ${n}`, event: 'test', channel: 'webhook', target: id }));
    const news = new DeliveryNews(new MemoryHintBus());
    await new DeliveryOrders(database, news, OPTIONS).place(
      [...orders, { subject: 'test', event: 'test', channel: 'webhook', target: receiver.url }].map((order) => ({
        ...order,
        owner: 'local',
        lane: 'one host',
      })),
    );
    await database.run(`UPDATE deliveries SET give_up_at = 1 WHERE subject = 'test 1'`);
    await database.run(`UPDATE deliveries SET claim = 'held', due_at = ${now} + 5000 WHERE subject = 'test 2'`);
    const due = async () => {
      const rows = await database.read(`SELECT subject FROM deliveries WHERE due_at <= ${now} ORDER BY subject`);
      return rows.map(({ subject }) => subject);
    };
    await database.run(`UPDATE webhook_endpoints SET open_until = ${now} + 50000`);
    expect(await send(id)).toMatchObject({ kind: 'postponed' });
    expect(await due()).toEqual(['test', 'test 1']);
    await database.run('UPDATE webhook_endpoints SET open_until = 1');
    expect(await send(id)).toMatchObject({ kind: 'delivered' });
    expect(await due()).toEqual(['test', 'test 1', 'test 3']);
  });

  it('lets an endpoint wait that cannot be looked up, and does not count that against it', async () => {
    const id = await endpoint();
    await takeAway('webhook_endpoints');
    expect(await send(id)).toMatchObject(DATABASE_AWAY);
    expect(receiver.calls).toEqual([]);
    await giveBack();
    expect(await database.read('SELECT failures FROM webhook_endpoints')).toEqual([{ failures: FAILED_BEFORE }]);
  });

  it('lets a callback_url wait whose secret cannot be looked up', async () => {
    await takeAway('gateway_secrets');
    expect(await send(receiver.url)).toMatchObject(DATABASE_AWAY);
    expect(receiver.calls).toEqual([]);
  });

  it.each<[string, ReceiverAnswer, object]>([
    ['has taken it', { status: 200 }, { kind: 'delivered', status: 200 }],
    ['is busy', { status: 503 }, { kind: 'failed', status: 503, error: 'HTTP 503', retryable: true }],
    ['is gone', { status: 410 }, { kind: 'failed', status: 410, error: 'HTTP 410', retryable: false }],
  ])('believes a receiver that %s, although its circuit cannot be told', async (_, answer, outcome) => {
    const id = await endpoint();
    receiver.script = () => answer;
    receiver.before = () => takeAway('webhook_endpoints');
    expect(await send(id)).toMatchObject(outcome);
    await giveBack();
    expect(await database.read('SELECT failures FROM webhook_endpoints')).toEqual([{ failures: FAILED_BEFORE }]);
  });
});
