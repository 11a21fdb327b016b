import { Injectable } from '@nestjs/common';
import { ExecutionQueue, Gateway, type QueueDelivery, type QueueJob, defineAgent } from 'longhaul';
import { GATEWAY_CONFIG } from '@longhaul/config';
import { makeWorkspace } from '@longhaul/config/testing';
import { eventually } from '../../support/eventually';
import { free } from './free';

const HelloAgent = defineAgent({ id: 'hello', maxRetries: 0 }, async ({ input }) => ({ hello: input }));
const FailingAgent = defineAgent({ id: 'failing', maxRetries: 0 }, async () => Promise.reject(new Error('no luck')));
const SleepyAgent = defineAgent(
  { id: 'sleepy', executionMode: 'async' },
  ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
);

@Injectable()
class ListQueue extends ExecutionQueue {
  override readonly crossProcess = false;
  readonly taken: QueueJob[] = [];
  private readonly waiting: { lane: string; job: QueueJob }[] = [];

  enqueue(lane: string, job: QueueJob): Promise<void> {
    this.waiting.push({ lane, job });
    return Promise.resolve();
  }

  dequeue(lane: string): Promise<QueueDelivery | null> {
    const index = this.waiting.findIndex((entry) => entry.lane === lane);
    const [found] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (found) this.taken.push(found.job);
    return Promise.resolve(found ? { ...found, receipt: null } : null);
  }

  ack(): Promise<void> {
    return Promise.resolve();
  }

  nack({ lane, job }: QueueDelivery): Promise<void> {
    return this.enqueue(lane, job);
  }

  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

const create = () =>
  Gateway.create(makeWorkspace(), { env: {}, logger: false })
    .useMemoryQueue({ drainTimeoutS: 0 })
    .useSqlite('gateway.db')
    .useAgents(HelloAgent, FailingAgent, SleepyAgent);

describe('Gateway', () => {
  const started = free();

  it('runs executions in a program, without HTTP', async () => {
    const gateway = started(await create().start());
    const heard: string[] = [];
    gateway.on('completed', ({ agent }) => heard.push(agent));
    expect(await gateway.invoke('hello', { name: 'Ada' })).toMatchObject({
      status: 'completed',
      output: { hello: { name: 'Ada' } },
    });
    expect(await gateway.chat('failing', 'hello')).toMatchObject({ status: 'failed', error: { message: 'no luck' } });
    await eventually(() => heard.join() === 'hello');
    expect(() => gateway.url).toThrow('await gateway.listen() first');
  });

  it('submits, waits and cancels', async () => {
    const gateway = started(await create().start());
    const { id, status } = await gateway.submit('sleepy', { message: 'sleep' }, { tags: ['night'] });
    expect(status).toBe('queued');
    expect(await gateway.wait(id, { timeoutMs: 1 })).toMatchObject({ id, tags: ['night'], completedAt: null });
    await eventually(async () => (await gateway.execution(id)).status === 'running');
    const waiting = gateway.wait(id);
    await gateway.cancelExecution(id);
    expect(await waiting).toMatchObject({ status: 'cancelled', completedAt: expect.any(Date) });
    await expect(gateway.execution(id, { owner: 'somebody' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends a wait when the caller has had enough, and when it closes', async () => {
    const gateway = await create().start();
    const { id } = await gateway.submit('sleepy', { message: 'sleep' });
    const stop = new AbortController();
    const impatient = gateway.wait(id, { signal: stop.signal });
    stop.abort();
    expect((await impatient).completedAt).toBeNull();
    const waiting = gateway.wait(id).catch((error: unknown) => error);
    await gateway.close();
    expect(await waiting).toBeDefined();
    await expect(async () => gateway.execution(id)).rejects.toThrow('the gateway is not running');
  });

  it('serves HTTP', async () => {
    const gateway = started(await create().listen(0));
    const { id } = await gateway.invoke('hello', 1);
    const answer = await fetch(`${gateway.url}/v1/executions/${id}`);
    expect(await answer.json()).toMatchObject({ execution_id: id, status: 'completed' });
  });

  it('runs on a queue of its own', async () => {
    const gateway = started(await create().useQueue(ListQueue).start());
    const { jobId } = await gateway.invoke('hello', 1);
    expect(gateway.get(ExecutionQueue)).toMatchObject({ taken: [{ jobId }] });
  });

  it('refuses to be configured while it runs', async () => {
    const gateway = started(await create().start());
    expect(() => gateway.useMemoryQueue()).toThrow('configure it before it starts');
    await expect(gateway.start()).rejects.toThrow('the gateway is running');
  });

  it.each([
    [{ queue: { backend: 'kafka' as never } }, 'queue.backend: expected one of none, memory, redis'],
    [
      { queue: { redisUri: 'x' } as never },
      'unknown key "redis_uri", did you mean "redis_url"? (option queue.redisUri)',
    ],
    [{ server: { port: 99_999 } }, 'server.port: must be a number from 0 to 65535, got 99999 (option server.port)'],
    [
      { server: { host: '0.0.0.0' } },
      'can be reached from other machines while auth.mode is none (option server.host)',
    ],
    [{ quue: {} } as never, 'unknown key "quue", did you mean "queue"?'],
    [{ auth: { apiKeys: [{ name: 'ci' }] } }, 'auth.api_keys[0]: has neither key nor key_hash (option auth.apiKeys)'],
    [{ extensions: ['./nope.mjs'] }, 'extensions[0]: "./nope.mjs" is not there'],
    [{ role: 'worker' as const }, 'queue.backend memory lives inside one process, so a worker alone'],
  ])('refuses %j', async (options, said) => {
    await expect(create().configure(options).start()).rejects.toThrow(said);
  });

  it('takes what code says before the environment, and that before gateway.yaml', async () => {
    const workspace = makeWorkspace({ 'gateway.yaml': 'queue: { workers: 1, max_retries: 1, max_depth: 1 }' });
    const env = { LONGHAUL_QUEUE__WORKERS: '2', LONGHAUL_QUEUE__MAX_RETRIES: '2' };
    const queue = { backend: 'memory' as const, workers: 3 };
    const gateway = started(await Gateway.create(workspace, { env, queue, logger: false }).start());
    expect(gateway.get(GATEWAY_CONFIG)).toMatchObject({
      queue: { backend: 'memory', workers: 3, maxRetries: 2, maxDepth: 1 },
    });
  });
});
