import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Database } from '@longhaul/database';
import { eventually } from '../support/eventually';
import { agentFile, GatewayFleet } from '../support/gateway-fleet';
import { describeWithOwnRabbitMq, describeWithRedis, flushRabbitMq, uniqueName } from '../support/servers';
import { Subscriber } from '../support/subscriber';
import { TestGateway } from './http/test-gateway';

const BACK_WITHIN_MS = 60_000;
const PROMISED = {
  'agents/triage/AGENT.md': agentFile(
    'retries: { max_retries: 0 }\nresult_event: { name: support.done, failure: support.failed, delivery: at-least-once }',
  ),
};

const promises = (gateway: TestGateway) =>
  gateway.app
    .get(Database, { strict: false })
    .read('SELECT * FROM deliveries WHERE channel = $1 ORDER BY id', ['result_event']);

describeWithOwnRabbitMq('result_event over RabbitMQ, at least once', (server) => {
  const exchange = uniqueName('events');
  const env = () => ({
    LONGHAUL_RESULT_EVENTS__TRANSPORT: 'rabbitmq',
    LONGHAUL_RESULT_EVENTS__URL: server().url,
    LONGHAUL_RESULT_EVENTS__EXCHANGE: exchange,
  });
  const listen = () => {
    const queue = `${exchange}.inbox`;
    const options = { urls: [server().url], exchange, queue, wildcards: true, noAck: false, queueOptions: {} };
    return Subscriber.start({ transport: Transport.RMQ, options }, 'support.*');
  };

  it('waits for a broker that was killed before the execution ended, and arrives when it is back', async () => {
    const subscriber = await listen();
    await flushRabbitMq(server());
    const gateway = await TestGateway.start({ env: env(), files: PROMISED });
    await server().kill();
    const completed = await gateway.submit('triage', { message: 'hello' });
    const failed = await gateway.submit('triage', { message: 'hello', context: { demo: { fail: 'permanent' } } });
    for (const id of [completed, failed]) {
      await eventually(async () => (await gateway.get(`/v1/executions/${id}`)).body['completed_at'] !== undefined);
    }
    await eventually(async () => (await promises(gateway)).every((row) => row.last_error !== null));
    const waiting = await promises(gateway);
    const refused = expect.stringMatching(/^rabbitmq at .* did not take the event support\./);
    const row = { status: 'pending', attempt: 0, last_error: refused };
    expect(waiting).toMatchObject([row, row]);

    await server().restart();
    await eventually(() => [completed, failed].every((id) => subscriber.of(id) !== undefined), {
      timeoutMs: BACK_WITHIN_MS,
    });
    expect(subscriber.of(completed)).toMatchObject({ status: 'completed', agent: 'triage' });
    expect(subscriber.of(failed)).toMatchObject({ status: 'failed', error: { code: expect.any(String) } });
    expect(subscriber.events.map(({ id }) => id).sort()).toEqual(waiting.map(({ id }) => id));
    await eventually(async () => (await promises(gateway)).every(({ status }) => status === 'delivered'));
    await gateway.stop();
    await subscriber.stop();
  });

  it('comes again under its id when the worker is killed before it has written that it came', async () => {
    const subscriber = await listen();
    const fleet = new GatewayFleet({
      queue: { backend: 'memory' },
      persistence: { backend: 'sqlite', url: './gateway.db', poolSize: 1 },
      files: PROMISED,
      env: { ...env(), LONGHAUL_WEBHOOKS__TIMEOUT_S: '1' },
    });
    const plan = JSON.stringify({ at: { 'delivery.sent': { do: 'kill' } } });
    const doomed = await fleet.startApi({ LONGHAUL_TEST_FAULTS: plan });
    const accepted = await fetch(`${fleet.url}/v1/agents/triage/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'hello' }),
    });
    const { execution_id: id } = (await accepted.json()) as { execution_id: string };
    await doomed.death();
    await fleet.startApi();
    await eventually(() => subscriber.received.length >= 2, { timeoutMs: BACK_WITHIN_MS });
    expect(subscriber.events).toMatchObject([{ execution_id: id, status: 'completed' }]);
    await fleet.stop();
    await subscriber.stop();
  });
});

describeWithRedis('result_event over Redis, at least once', (url) => {
  it('is not delivered while nobody is subscribed, and comes once somebody is', async () => {
    const gateway = await TestGateway.start({
      env: {
        LONGHAUL_RESULT_EVENTS__TRANSPORT: 'redis',
        LONGHAUL_RESULT_EVENTS__URL: url(),
        LONGHAUL_WEBHOOKS__RETRY_SCHEDULE_S: JSON.stringify(Array(50).fill(1)),
      },
      files: PROMISED,
    });
    const id = await gateway.submit('triage', { message: 'hello' });
    const row = await eventually(
      async () => (await promises(gateway)).find(({ last_error }) => last_error !== null) ?? false,
    );
    expect(row).toMatchObject({
      status: 'pending',
      target: 'support.done',
      last_error: 'nobody gets support.done: no service is subscribed to it at the moment',
    });
    const { hostname: host, port } = new URL(url());
    const options: MicroserviceOptions = { transport: Transport.REDIS, options: { host, port: Number(port) } };
    const subscriber = await Subscriber.start(options, 'support.done');
    await eventually(() => subscriber.of(id) !== undefined);
    expect(subscriber.of(id)?.id).toBe(row.id);
    await eventually(async () => (await promises(gateway))[0]?.status === 'delivered');
    await gateway.stop();
    await subscriber.stop();
  });
});
