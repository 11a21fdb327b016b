import type { ExecutionContext } from '@longhaul/executions';
import { newId, RetryableError } from '@longhaul/kernel';
import { eventually } from '../../support/eventually';
import { type Script, ScriptedWorker, untilAborted } from './scripted-worker';

describe('A run and its limits', () => {
  let worker: ScriptedWorker;

  afterEach(async () => {
    expect(await worker.stop()).toEqual([]);
  });

  const runsOf = async (id: string) =>
    (await worker.reader.runsOf(id, 'local')).map(({ outcome, error }) => [outcome, error?.code]);

  /** What the first attempt is told, and what the second one answers. */
  const twice =
    (first: Script): Script =>
    (context) =>
      context.attempt === 1 ? first(context) : Promise.resolve(`attempt ${context.attempt}`);

  describe('soft_timeout_s', () => {
    it('tells the agent by its signal, stores what it says after that, and tries again', async () => {
      worker = await ScriptedWorker.start('{ soft_timeout_s: 0.1 }');
      let reason: unknown;
      const id = await worker.submit(
        twice(async (context) => {
          await untilAborted(context).catch((error: unknown) => (reason = error));
          context.progress(40, 'saved');
          await context.events.append('output.delta', { text: 'as far as I came' });
          throw new Error('whatever the agent throws now');
        }),
      );
      expect(await worker.ended(id)).toMatchObject({ status: 'completed', output: 'attempt 2', attempt: 2 });
      expect(reason).toMatchObject({ name: 'RunAborted', reason: 'soft_timeout' });
      const events = await worker.reader.eventsAfter({ id }, -1, 100);
      const order = events.map(({ type }) => type);
      expect(order.indexOf('output.delta')).toBeGreaterThan(0);
      expect(order.indexOf('output.delta')).toBeLessThan(order.indexOf('execution.retrying'));
      expect(await runsOf(id)).toEqual([
        ['retrying', 'soft_timeout'],
        ['completed', undefined],
      ]);
    });

    it('takes what the agent hands back when it is told', async () => {
      worker = await ScriptedWorker.start('{ soft_timeout_s: 0.1 }');
      const id = await worker.submit((context) => untilAborted(context).catch(() => 'the half of it'));
      expect(await worker.ended(id)).toMatchObject({ status: 'completed', output: 'the half of it', attempt: 1 });
    });

    it('fails the execution when no attempt is left', async () => {
      worker = await ScriptedWorker.start('{ soft_timeout_s: 0.1 }');
      const id = await worker.submit(untilAborted, { maxAttempts: 2 });
      expect(await worker.ended(id)).toMatchObject({
        status: 'failed',
        attempt: 2,
        error: { code: 'soft_timeout', message: expect.stringContaining('soft_timeout_s of 0.1') },
      });
    });

    it('leaves a shorter limit of the request as hard as it is', async () => {
      worker = await ScriptedWorker.start('{ soft_timeout_s: 30 }');
      const id = await worker.submit(untilAborted, { timeoutMs: 50 });
      expect(await worker.ended(id)).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'timeout' } });
    });
  });

  describe('idle_timeout_s', () => {
    it('stops a run that says nothing, and tries again', async () => {
      worker = await ScriptedWorker.start('{ idle_timeout_s: 0.2 }');
      let reason: unknown;
      const id = await worker.submit(
        twice((context) => untilAborted(context).catch((error: unknown) => Promise.reject((reason = error)))),
      );
      expect(await worker.ended(id)).toMatchObject({ status: 'completed', output: 'attempt 2' });
      expect(reason).toMatchObject({ reason: 'idle_timeout' });
      expect((await runsOf(id))[0]).toEqual(['retrying', 'idle_timeout']);
    });

    const signs: Record<string, (context: ExecutionContext) => unknown> = {
      'an event': (context) => context.events.append('output.delta', {}),
      progress: (context) => context.progress(50),
      'a heartbeat': (context) => context.heartbeat(),
    };
    it.each(Object.keys(signs))('lets a run go on that gives %s now and then', async (sign) => {
      worker = await ScriptedWorker.start('{ idle_timeout_s: 0.5 }');
      const id = await worker.submit(
        ({ signal, ...context }) =>
          new Promise((resolve, reject) => {
            const end = performance.now() + 1_200;
            const timer = setInterval(() => {
              if (signal.aborted) reject(signal.reason as Error);
              void signs[sign]?.({ signal, ...context });
              if (performance.now() < end) return;
              clearInterval(timer);
              resolve('alive');
            }, 50);
          }),
        { maxAttempts: 1 },
      );
      expect(await worker.ended(id)).toMatchObject({ status: 'completed', output: 'alive' });
    });
  });

  describe('deadline_s', () => {
    it('stops what runs, for good, whatever attempts are left', async () => {
      worker = await ScriptedWorker.start();
      let seen: ExecutionContext | undefined;
      const id = await worker.submit((context) => untilAborted((seen = context)), { deadlineMs: 1_500 });
      const { deadlineAt, ...execution } = await worker.ended(id);
      expect(execution).toMatchObject({
        status: 'failed',
        attempt: 1,
        error: { code: 'deadline_exceeded', retryable: false },
      });
      expect(seen?.signal.reason).toMatchObject({ reason: 'deadline' });
      expect(Number(seen?.deadline)).toBeLessThan(Date.now() + 60_000);
      expect(Number(deadlineAt)).toBeGreaterThan(execution.createdAt);
      expect(await runsOf(id)).toEqual([['failed', 'deadline_exceeded']]);
    });

    it('fails at once what would be tried again only after it', async () => {
      worker = await ScriptedWorker.start();
      const id = await worker.submit(() => Promise.reject(new RetryableError('not now', { retryAfterMs: 3_600_000 })), {
        deadlineMs: 60_000,
      });
      expect(await worker.ended(id)).toMatchObject({
        status: 'failed',
        attempt: 1,
        error: { code: 'deadline_exceeded', details: { last_error: { code: 'agent_error', message: 'not now' } } },
      });
    });

    it('fails what waits, tells the listeners, and lets the next turn of the conversation go', async () => {
      worker = await ScriptedWorker.start();
      const told: string[] = [];
      worker.hooks.on('failed', (execution) => told.push(execution.id));
      const turn = { isTurn: true, conversationId: newId('conv') };
      const first = await worker.submit(() => Promise.resolve(1), { ...turn, delayMs: 3_600_000 });
      const next = await worker.submit(() => Promise.resolve('my turn'), turn);
      const waited = worker.executions.wait(first, 'local', 30_000);
      await worker.database.run('UPDATE executions SET deadline_at = 1 WHERE id = $1', [first]);
      expect(await waited).toMatchObject({ status: 'failed', error: { code: 'deadline_exceeded' }, attempt: 0 });
      expect(await worker.ended(next)).toMatchObject({ status: 'completed', output: 'my turn' });
      await eventually(() => told.includes(first));
    });
  });
});
