import { type ReceiverAnswer, verified, WebhookReceiver } from '../support/webhook-receiver';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const ENV = {
  LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.1/32"]',
  LONGHAUL_WEBHOOKS__TIMEOUT_S: '3',
  LONGHAUL_WEBHOOKS__RETRY_SCHEDULE_S: '[0.1, 0.1]',
  LONGHAUL_WEBHOOKS__CIRCUIT: '{"failures": 100, "open_s": 1}',
};

interface DeliveryView {
  delivery_id: string;
  status: string;
  attempt: number;
  last_error?: string;
}

async function receiverOf(world: FaultWorld): Promise<WebhookReceiver> {
  const receiver = await WebhookReceiver.start();
  world.afterwards(() => receiver.stop());
  return receiver;
}

const settled = (world: FaultWorld, executionId: string): Promise<DeliveryView> =>
  world.eventually(async () => {
    const { items } = await world.api.get<{ items: DeliveryView[] }>(`/v1/deliveries?execution_id=${executionId}`);
    return items[0] !== undefined && items[0].status !== 'pending' && items[0];
  });

const idsOf = (receiver: WebhookReceiver, executionId: string) =>
  receiver.about(executionId).map(({ headers }) => headers['webhook-id']);

/** What a receiver may do, what becomes of the delivery, and after how many calls. */
const RECEIVERS: [ReceiverAnswer, string, number, RegExp][] = [
  [{ status: 500 }, 'failed', 3, /HTTP 500/],
  ['hang', 'failed', 3, /no answer within 3 s/],
  [{ status: 307, headers: { location: 'http://127.0.0.2:9999/' } }, 'failed', 1, /not a public address/],
  [{ status: 200, body: Buffer.alloc(10_000_000, 'a') }, 'delivered', 1, /^$/],
  [{ status: 410 }, 'failed', 1, /HTTP 410/],
];

describeFault({
  id: 'F41',
  title:
    'receivers answer 500, hang, redirect inwards, answer 10 MB, or 410: each costs its tries, and nobody else waits',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  env: ENV,
  async run(world) {
    await world.start();
    const good = await receiverOf(world);
    const bad = await Promise.all(RECEIVERS.map(() => receiverOf(world)));
    const ids = await Promise.all(
      RECEIVERS.map(([answer], n) => {
        const receiver = bad[n] as WebhookReceiver;
        receiver.script = () => answer;
        return world.work([], { callback_url: receiver.url });
      }),
    );
    const id = await world.work([], { callback_url: good.url });
    expect(await settled(world, id)).toMatchObject({ status: 'delivered', attempt: 1 });
    for (const [n, [, status, calls, error]] of RECEIVERS.entries()) {
      const executionId = ids[n] ?? '';
      const delivery = await settled(world, executionId);
      expect([n, delivery.status, delivery.attempt]).toEqual([n, status, calls]);
      expect(delivery.last_error ?? '').toMatch(error);
      expect(idsOf(bad[n] as WebhookReceiver, executionId)).toEqual(Array(calls).fill(delivery.delivery_id));
    }
  },
});

describeFault({
  id: 'F41',
  title:
    'a sender is killed before it sends, the next before it writes that it has: it is sent again under the same id',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  env: ENV,
  async run(world) {
    const receiver = await receiverOf(world);
    const first = await world.start({ at: { 'delivery.claimed': { do: 'kill' } } });
    const id = await world.work([], { callback_url: receiver.url });
    await first.death();
    const second = await world.startWorker({ at: { 'delivery.sent': { do: 'kill' } } });
    await second.death();
    await world.startWorker();
    const delivery = await settled(world, id);
    expect(delivery).toMatchObject({ status: 'delivered', attempt: 3 });
    expect(idsOf(receiver, id)).toEqual([delivery.delivery_id, delivery.delivery_id]);
    const { secret } = await world.api.get<{ secret: string }>('/v1/callback-secret');
    expect(verified(receiver.about(id)[1], secret)).toMatchObject({ type: 'execution.completed' });
  },
});
