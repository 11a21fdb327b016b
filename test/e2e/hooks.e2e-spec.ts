import { Injectable, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  ExecutionHooks,
  HookExplorer,
  OnExecution,
  type ExecutionChange,
  type ExecutionRecord,
} from '@longhaul/executions';
import { eventually } from '../support/eventually';
import { TestGateway } from './http/test-gateway';

@Injectable()
class Diary {
  readonly entries: { change: ExecutionChange; execution: ExecutionRecord }[] = [];

  @OnExecution('queued', 'started', 'retrying', 'cancelling', 'completed', 'failed', 'cancelled')
  write(execution: ExecutionRecord, change: ExecutionChange): void {
    this.entries.push({ change, execution });
  }

  @OnExecution('completed')
  breaks(): Promise<void> {
    return Promise.reject(new Error('the diary is full'));
  }

  @OnExecution('queued', 'started')
  redacts({ input, metadata }: ExecutionRecord): void {
    for (const held of [input, metadata]) Object.assign(held as object, { message: '***' });
  }

  @OnExecution('completed')
  throwsWhatIsNoError(): void {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what code without types may throw
    throw Object.create(null);
  }

  of(id: string): ExecutionChange[] {
    return this.entries.filter(({ execution }) => execution.id === id).map(({ change }) => change);
  }
}

@Module({ providers: [Diary, { provide: 'ALIAS', useExisting: Diary }] })
class DiaryModule {}

describe('@OnExecution', () => {
  let gateway: TestGateway;
  let diary: Diary;
  beforeAll(async () => {
    gateway = await TestGateway.start({ modules: [DiaryModule] });
    diary = gateway.app.get(Diary);
  });
  afterAll(() => gateway.stop());

  const told = (id: string, changes: ExecutionChange[]) =>
    eventually(() => expect(diary.of(id)).toEqual(changes) === undefined);

  it('tells what becomes of an execution, with the record as it then stood, whatever other listeners throw', async () => {
    const id = await gateway.submit('slow', { message: 'hello' });
    await told(id, ['queued', 'started', 'completed']);
    const [queued, , completed] = diary.entries.filter(({ execution }) => execution.id === id);
    expect(queued?.execution).toMatchObject({ agent: 'slow', owner: 'local', status: 'queued', output: null });
    expect(completed?.execution).toMatchObject({ status: 'completed', completedAt: expect.any(Date), attempt: 1 });
    expect((await gateway.get(`/v1/executions/${id}`)).body).toMatchObject({ status: 'completed' });
  });

  it('gives each listener a record of its own: what one changes there, nobody else sees, nor the run', async () => {
    const id = await gateway.submit('slow', { message: 'hello' });
    await told(id, ['queued', 'started', 'completed']);
    const { output } = (await gateway.get(`/v1/executions/${id}`)).body;
    const seen = diary.entries.filter(({ execution }) => execution.id === id);
    expect(JSON.stringify([output, seen])).not.toContain('***');
  });

  it('tells a retry from a failure', async () => {
    const demo = { fail: 'permanent' };
    const id = await gateway.submit('slow', { message: 'hello', context: { demo } });
    await told(id, ['queued', 'started', 'failed']);
    const again = await gateway.submit('slow', {
      message: 'hello',
      context: { demo: { fail: 'retryable', fail_times: 1 } },
    });
    await told(again, ['queued', 'started', 'retrying', 'started', 'completed']);
  });

  it('tells a cancel once, however often it is asked for', async () => {
    const id = await gateway.submit('slow', { message: 'hello', context: { demo: { sleep_ms: 600_000 } } });
    await told(id, ['queued', 'started']);
    await gateway.post(`/v1/executions/${id}/cancel`, {});
    await gateway.post(`/v1/executions/${id}/cancel`, {});
    await told(id, ['queued', 'started', 'cancelling', 'cancelled']);
    const later = await gateway.submit('slow', { message: 'hello', delay_s: 3_600 });
    await gateway.post(`/v1/executions/${later}/cancel`, {});
    await told(later, ['queued', 'cancelled']);
  });

  it('says nothing of a replay, and nothing to who has stopped listening', async () => {
    const heard: string[] = [];
    const stop = gateway.app.get(ExecutionHooks).on('queued', ({ id }) => heard.push(id));
    const key = { 'idempotency-key': 'once' };
    const id = await gateway.submit('slow', { message: 'hello' }, key);
    expect(await gateway.submit('slow', { message: 'hello' }, key)).toBe(id);
    stop();
    const last = await gateway.submit('slow', { message: 'hello' });
    await told(last, ['queued', 'started', 'completed']);
    expect(heard).toEqual([id]);
  });

  it('waits at a shutdown for a listener that is at work', async () => {
    const other = await TestGateway.start({ worker: false });
    const { promise, resolve } = Promise.withResolvers<void>();
    let finished = false;
    other.app.get(ExecutionHooks).on('queued', () => promise.then(() => (finished = true)));
    await other.submit('slow', { message: 'hello' });
    const stopped = other.stop().then(() => finished);
    resolve();
    expect(await stopped).toBe(true);
  });

  it('refuses at start a change that there is not', async () => {
    class Wrong {
      listen(): void {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Wrong.prototype, 'listen')!;
    OnExecution('complete' as 'completed')(Wrong.prototype, 'listen', descriptor);
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule],
      providers: [Wrong, HookExplorer, ExecutionHooks],
    }).compile();
    await expect(module.init()).rejects.toThrow(
      '@OnExecution of Wrong.listen: unknown change "complete", did you mean "completed"?',
    );
  });
});
