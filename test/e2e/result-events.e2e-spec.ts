import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { eventually } from '../support/eventually';
import { describeWithOwnRedis, describeWithRabbitMq, uniqueName } from '../support/servers';
import { Subscriber } from '../support/subscriber';
import { TestGateway } from './http/test-gateway';

const agent = (resultEvent: string) =>
  `---\nexecution_mode: async\nmodel: { name: demo/echo }\nretries: { max_retries: 0 }\nresult_event: ${resultEvent}\n---\nx`;
const FAILS = { message: 'hello', context: { demo: { fail: 'permanent' } } };

describeWithOwnRedis('result_event over Redis, as a best effort', (server) => {
  let gateway: TestGateway;
  let subscriber: Subscriber;

  const listen = () => {
    const { hostname: host, port } = new URL(server().url);
    const options: MicroserviceOptions = { transport: Transport.REDIS, options: { host, port: Number(port) } };
    return Subscriber.start(options, 'support.triage.completed', 'support.triage.failed', 'quiet.done');
  };

  beforeAll(async () => {
    subscriber = await listen();
    gateway = await TestGateway.start({
      env: { LONGHAUL_RESULT_EVENTS__TRANSPORT: 'redis', LONGHAUL_RESULT_EVENTS__URL: server().url },
      files: {
        'agents/triage/AGENT.md': agent('{ name: support.triage.completed, failure: support.triage.failed }'),
        'agents/quiet/AGENT.md': agent('quiet.done'),
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await subscriber.stop();
  });

  const told = (id: string) => eventually(() => subscriber.of(id) ?? false);

  it('tells another Nest service of a completed execution, with its output', async () => {
    const id = await gateway.submit(
      'triage',
      { message: 'hello', metadata: { ticket: 7 } },
      { 'x-correlation-id': 'c-1' },
    );
    const event = await told(id);
    const { body } = await gateway.get(`/v1/executions/${id}`);
    expect(event).toEqual({
      id: expect.stringMatching(/^dlv_/),
      execution_id: id,
      agent: 'triage',
      status: 'completed',
      conversation_id: body['conversation_id'],
      correlation_id: 'c-1',
      output: body['output'],
      metadata: { ticket: 7 },
      completed_at: body['completed_at'],
    });
  });

  it('tells of a failed one by its other name, and of one that is cancelled in the queue', async () => {
    const failed = await gateway.submit('triage', FAILS);
    expect(await told(failed)).toMatchObject({ status: 'failed', error: { code: expect.any(String) } });
    const cancelled = await gateway.submit('triage', { message: 'hello', delay_s: 600 });
    await gateway.post(`/v1/executions/${cancelled}/cancel`, {});
    expect(await told(cancelled)).toMatchObject({ status: 'cancelled' });
  });

  it('tells nobody of a failure that has no name', async () => {
    const failed = await gateway.submit('quiet', FAILS);
    await eventually(async () => (await gateway.get(`/v1/executions/${failed}`)).body['status'] === 'failed');
    const completed = await gateway.submit('quiet', { message: 'hello' });
    await told(completed);
    expect(subscriber.of(failed)).toBeUndefined();
  });

  it('costs the execution nothing when Redis is away, and tells of later ones', async () => {
    await subscriber.stop();
    await server().kill();
    const lost = await gateway.submit('triage', { message: 'hello' });
    await eventually(async () => (await gateway.get(`/v1/executions/${lost}`)).body['status'] === 'completed');
    await server().restart();
    subscriber = await listen();
    await told(await gateway.submit('triage', { message: 'hello' }));
    expect(subscriber.of(lost)).toBeUndefined();
  });
});

describeWithRabbitMq('result_event over RabbitMQ, as a best effort', (url) => {
  it('reaches a queue of the exchange, which is the broker of the executions where nothing else is said', async () => {
    const [exchange, queue] = [uniqueName('events'), uniqueName('inbox')];
    const options = { urls: [url()], exchange, queue, wildcards: true, noAck: false, queueOptions: { durable: true } };
    const subscriber = await Subscriber.start({ transport: Transport.RMQ, options }, 'support.#');
    const gateway = await TestGateway.start({
      env: {
        LONGHAUL_QUEUE__BACKEND: 'rabbitmq',
        LONGHAUL_QUEUE__RABBITMQ_URL: url(),
        LONGHAUL_QUEUE__QUEUE_NAME: uniqueName('longhaul'),
        LONGHAUL_RESULT_EVENTS__EXCHANGE: exchange,
      },
      files: { 'agents/triage/AGENT.md': agent('support.triage.completed') },
    });
    const id = await gateway.submit('triage', { message: 'hello' });
    await eventually(() => subscriber.of(id) !== undefined);
    await gateway.stop();
    await subscriber.stop();
  });
});
