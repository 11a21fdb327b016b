import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestMicroservice } from '@nestjs/common';
import { Database, type Dialect, type Write } from '@longhaul/database';
import {
  type Execution,
  type ExecutionContext,
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  type SubmitCommand,
  type TransitionChange,
  TransitionParticipant,
  TransitionParticipants,
  WorkerLease,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { type JsonValue, newId, PermanentError, RetryableError } from '@longhaul/kernel';
import { LostRings } from '@longhaul/queue';
import { Dispatcher } from '../../../libs/executions/src/dispatcher';
import { ExecutionWrites } from '../../../libs/executions/src/worker/execution-writes';
import { eventually } from '../../support/eventually';
import { inputFor, type Script, ScriptedAgent, startScripted, untilAborted } from './scripted-worker';

/** Deeper than the database reads, if it is deep enough. */
function nested(depth: number): JsonValue {
  let value: JsonValue = 1;
  for (let n = 0; n < depth; n += 1) value = [value];
  return value;
}

describe('A worker', () => {
  let folder: string;
  let app: INestMicroservice;
  let executions: ExecutionsService;
  let reader: ExecutionsReader;
  let database: Database;

  /** Its lease is long: only those who mean to lose it ask for a short one. */
  async function startWorker(leaseS = '30'): Promise<void> {
    app = await startScripted(folder, {
      LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: leaseS,
      LONGHAUL_WORKER__HEARTBEAT_S: '0.2',
      LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '0',
    });
    executions = app.get(ExecutionsService);
    reader = app.get(ExecutionsReader);
    database = app.get(Database);
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-worker-'));
    await startWorker();
  });
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function submit(script: Script, more: Partial<SubmitCommand> = {}): Promise<string> {
    const { execution } = await executions.submit(submitCommand({ input: inputFor(script), ...more }));
    return execution.id;
  }

  const get = (id: string) => reader.get(id, 'local');

  const workerRow = async () => (await database.read('SELECT renewed_at FROM workers'))[0] ?? {};

  const ended = (id: string): Promise<Execution> =>
    eventually(async () => {
      const execution = await get(id);
      return isTerminal(execution.status) && execution;
    });

  it('runs what is submitted and stores its output', async () => {
    const id = await submit((context) => Promise.resolve({ attempt: context.attempt, message: 'done' }));
    expect(await ended(id)).toMatchObject({ status: 'completed', output: { attempt: 1, message: 'done' } });
  });

  it('lets a caller wait for the end', async () => {
    const id = await submit(() => Promise.resolve('here'));
    expect(await executions.wait(id, 'local', 10_000)).toMatchObject({ status: 'completed', output: 'here' });
  });

  it('retries what may succeed later, after its back-off, and no more often than allowed', async () => {
    const attempts: number[] = [];
    const id = await submit(
      (context) => {
        attempts.push(context.attempt);
        throw new RetryableError('not yet', { retryAfterMs: 5 });
      },
      { maxAttempts: 3 },
    );
    expect(await ended(id)).toMatchObject({ status: 'failed', attempt: 3, error: { message: 'not yet' } });
    expect(attempts).toEqual([1, 2, 3]);
    const runs = await reader.runsOf(id, 'local');
    expect(runs.map((run) => run.outcome)).toEqual(['retrying', 'retrying', 'failed']);
  });

  it('retries an unexpected error, and fails a permanent one at once', async () => {
    const surprised = await submit((context) => {
      if (context.attempt === 1) throw new RetryableError('surprise', { retryAfterMs: 1 });
      return Promise.resolve('ok');
    });
    const permanent = await submit(() => Promise.reject(new PermanentError('never')));
    expect(await ended(surprised)).toMatchObject({ status: 'completed', attempt: 2 });
    expect(await ended(permanent)).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'agent_error' } });
  });

  it('fails an output that is no JSON, and says so', async () => {
    const id = await submit(() => Promise.resolve({ big: 1n } as unknown as JsonValue));
    expect(await ended(id)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('not JSON') },
    });
  });

  const endless: Record<string, Script> = {
    'a retry-after that is no number': () =>
      Promise.reject(new RetryableError('429', { retryAfterMs: Number('Wed, 21 Oct') })),
    'details that are no JSON': () => Promise.reject(new RetryableError('x', { details: { big: 1n } as never })),
    'what has no text': () => Promise.reject(Object.create(null) as Error),
    'usage that is no JSON': () => Promise.resolve({ output: 1, usage: { input_tokens: 1n } } as never),
    'an output nested deeper than the database reads': () => Promise.resolve(nested(1_100)),
  };
  for (const [what, script] of Object.entries(endless)) {
    it(`ends a run with ${what}, and says what was wrong`, async () => {
      const id = await submit(script, { maxAttempts: 1 });
      expect(await ended(id)).toMatchObject({ status: 'failed', error: { message: expect.any(String) } });
    });
  }

  it('keeps what a run spent although the event that tells of it cannot be stored', async () => {
    const id = await submit(
      async ({ events }) => {
        await events.append('step.completed', {}, { input_tokens: 1, output_tokens: 2, cost_usd: 0.25 });
        await events.append(
          'step.completed',
          { deep: nested(1_100) },
          { input_tokens: 10, output_tokens: 20, cost_usd: 1 },
        );
        return null;
      },
      { maxAttempts: 1 },
    );
    const usage = { input_tokens: 11, output_tokens: 22, cost_usd: 1.25 };
    expect(await ended(id)).toMatchObject({ status: 'failed', usage });
    expect(await reader.runsOf(id, 'local')).toMatchObject([{ outcome: 'failed', usage }]);
  });

  it('takes its time with an end that is refused again and again, and ends it once it is taken', async () => {
    let refusals = 0;
    let refuses = true;
    class Refuses extends TransitionParticipant {
      *write(_dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
        if (!refuses || !changes.some(({ transition }) => transition === 'complete' || transition === 'fail')) return;
        refusals += 1;
        yield { sql: 'INSERT INTO nowhere VALUES (1)', silent: true };
      }
    }
    app.get(TransitionParticipants).register(new Refuses());
    const id = await submit(() => Promise.resolve(1));
    await eventually(() => refusals >= 2);
    const before = (await workerRow()).renewed_at;
    await eventually(async () => Number((await workerRow()).renewed_at) > Number(before));
    expect(refusals).toBeLessThan(10);
    refuses = false;
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
  });

  it('outlives an event that nobody awaits and the fence refuses', async () => {
    const id = await submit(async (context) => {
      await database.run('UPDATE executions SET epoch = epoch + 1 WHERE id = $1', [context.executionId]);
      void context.events.append('output.delta', { n: 1 });
      return untilAborted(context);
    });
    const other = await submit(() => Promise.resolve('alive'));
    expect(await ended(other)).toMatchObject({ output: 'alive' });
    await eventually(async () => (await get(id)).epoch > 1);
    await database.run('UPDATE runs SET epoch = 2 WHERE execution_id = $1', [id]);
    await executions.cancel(id, 'local');
    await ended(id);
  });

  it('gives back what it claimed when the answer to the claim was lost', async () => {
    const { claims } = app.get(ExecutionWrites);
    const claim = claims.add.bind(claims);
    jest.spyOn(claims, 'add').mockImplementationOnce(async (request) => {
      await claim(request);
      throw new Error('Connection terminated unexpectedly');
    });
    const id = await submit(() => Promise.resolve('in the end'));
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'in the end', attempt: 1 });
    const runs = await reader.runsOf(id, 'local');
    expect(runs.map((run) => run.outcome)).toEqual(['released', 'completed']);
  });

  it('stops a running execution that is cancelled', async () => {
    let reason: unknown;
    const id = await submit((context) =>
      untilAborted(context).catch((error: unknown) => Promise.reject((reason = error))),
    );
    await eventually(async () => (await get(id)).status === 'running');
    await executions.cancel(id, 'local');
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    expect(reason).toMatchObject({ name: 'RunAborted', reason: 'cancel' });
  });

  it('cancels by the heartbeat when the hint was lost', async () => {
    const id = await submit(untilAborted);
    await eventually(async () => (await get(id)).status === 'running');
    await database.run('UPDATE executions SET cancel_requested_at = 1 WHERE id = $1', [id]);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
  });

  it('ends a run that takes longer than its time limit', async () => {
    const id = await submit(untilAborted, { timeoutMs: 50 });
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'timeout', retryable: false } });
  });

  it('stores events and progress in the order in which they were said, before the end', async () => {
    const id = await submit(async (context) => {
      context.progress(10, 'begun');
      for (let n = 0; n < 5; n += 1) void context.events.append('output.delta', { n });
      context.progress(150, 'over');
      await context.events.append('output.delta', { n: 5 });
      return null;
    });
    expect(await ended(id)).toMatchObject({ progress: { percent: 100, message: 'over' } });
    const events = await reader.eventsAfter({ id }, -1, 100);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, n) => n));
    expect(events.flatMap(({ type, data }) => (type === 'output.delta' ? [data.n] : []))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events.at(-1)?.type).toBe('execution.completed');
  });

  it('refuses what a handler says after its run has ended', async () => {
    let late: Promise<void> | undefined;
    let context: ExecutionContext | undefined;
    const id = await submit((given) => {
      context = given;
      return Promise.resolve(null);
    });
    await ended(id);
    late = context?.events.append('output.delta', {});
    await expect(late).rejects.toMatchObject({ name: 'RunAborted' });
  });

  it('stops its own runs when its lease was ended, and starts anew as another worker', async () => {
    const before = app.get(WorkerLease).id;
    let reason: unknown;
    const id = await submit((context) =>
      context.attempt === 1 && reason === undefined
        ? untilAborted(context).catch((error: unknown) => {
            reason = error;
            throw error;
          })
        : Promise.resolve('second time'),
    );
    await eventually(async () => (await get(id)).status === 'running');
    await database.run('UPDATE workers SET ended_at = 1 WHERE id = $1', [before]);
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'second time', attempt: 1 });
    expect(reason).toMatchObject({ reason: 'lease_lost' });
    expect(app.get(WorkerLease).id).not.toBe(before);
  });

  it('leaves nothing running that nobody runs, when the database was away for almost the length of the lease', async () => {
    await app.close();
    await startWorker('1');
    const lease = app.get(WorkerLease);
    const before = lease.id;
    const run = jest.spyOn(database, 'run').mockRejectedValue(new Error('the database is away'));
    let reason: unknown;
    const id = await submit((context) =>
      reason === undefined
        ? untilAborted(context).catch((error: unknown) => Promise.reject((reason = error)))
        : Promise.resolve('second time'),
    );
    await eventually(() => reason !== undefined);
    run.mockRestore();
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'second time' });
    expect(lease.id).not.toBe(before);
  });

  it('stops its own runs as soon as its event loop, that stood still for too long, turns again', async () => {
    await app.close();
    await startWorker('1');
    const before = app.get(WorkerLease).id;
    const reasons: unknown[] = [];
    const id = await submit((context) => {
      if (reasons.length > 0) return Promise.resolve('second time');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
      return untilAborted(context).catch((error: unknown) => Promise.reject(reasons.push(error) && error));
    });
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'second time', attempt: 1 });
    expect((await reader.runsOf(id, 'local')).map((run) => run.outcome)).toEqual(['lost', 'completed']);
    expect(reasons).toEqual([expect.objectContaining({ reason: 'lease_lost' })]);
    expect(app.get(WorkerLease).covers(before)).toBe(false);
  });

  it('finds what was accepted although nobody rang', async () => {
    const id = await submit(() => Promise.resolve('found'), { delayMs: 86_400_000 });
    await database.run('UPDATE executions SET due_at = 0 WHERE id = $1', [id]);
    expect(await ended(id)).toMatchObject({ status: 'completed' });
  });

  it('gives back at a drain what does not end in time, at no cost, and another worker finishes it', async () => {
    const id = await submit((context) => (context.signal.aborted ? Promise.resolve(1) : untilAborted(context)));
    await eventually(async () => (await get(id)).status === 'running');
    ScriptedAgent.scripts[`s${Object.keys(ScriptedAgent.scripts).length - 1}`] = () => Promise.resolve('elsewhere');
    await app.close();
    await startWorker();
    expect(await ended(id)).toMatchObject({ status: 'completed', output: 'elsewhere', attempt: 1, interruptions: 0 });
    const runs = await reader.runsOf(id, 'local');
    expect(runs.map((run) => run.outcome)).toEqual(['released', 'completed']);
  });

  describe('with the turns of one conversation', () => {
    /** Then only the end of a turn can let the next one go. */
    const ringsAreNotLookedFor = () => jest.spyOn(app.get(LostRings), 'find').mockResolvedValue([]);

    it('runs them one at a time in the order of their submission, however each of them ends', async () => {
      ringsAreNotLookedFor();
      const ran: string[] = [];
      const conversationId = newId('conv');
      const say = (name: string, then: Script, more: Partial<SubmitCommand> = {}) =>
        submit(
          (context) => {
            ran.push(`${name}${context.attempt}`);
            return then(context);
          },
          { isTurn: true, conversationId, ...more },
        );
      const first = await say('a', untilAborted);
      const turns = [
        await say('b', () => Promise.resolve('fine')),
        await say('c', () => Promise.reject(new PermanentError('no'))),
        await say('d', () => Promise.resolve('never runs')),
        await say('e', ({ attempt }) =>
          attempt === 1 ? Promise.reject(new RetryableError('again', { retryAfterMs: 5 })) : Promise.resolve('fine'),
        ),
        await say('f', untilAborted, { timeoutMs: 20 }),
        await say('g', () => Promise.resolve('fine'), { delayMs: 50 }),
        await say('h', () => Promise.resolve('fine')),
      ];
      await eventually(async () => (await get(first)).status === 'running');
      await executions.cancel(String(turns[2]), 'local');
      expect(await Promise.all(turns.map(async (id) => (await get(id)).status))).toEqual(
        turns.map((_, n) => (n === 2 ? 'cancelled' : 'queued')),
      );
      await executions.cancel(first, 'local');
      const statuses = (await Promise.all(turns.map(ended))).map(({ status }) => status);
      expect(statuses).toEqual(['completed', 'failed', 'cancelled', 'completed', 'failed', 'completed', 'completed']);
      expect(ran).toEqual(['a1', 'b1', 'c1', 'e1', 'e2', 'f1', 'g1', 'h1']);
    });

    it('finds the next turn although the ring for it was lost', async () => {
      const conversationId = newId('conv');
      const ring = jest.spyOn(Dispatcher.prototype, 'ringNext').mockReturnValue();
      const ids: string[] = [];
      for (let n = 0; n < 3; n += 1) ids.push(await submit(() => Promise.resolve(n), { isTurn: true, conversationId }));
      for (const id of ids) expect(await ended(id)).toMatchObject({ status: 'completed' });
      ring.mockRestore();
    });
  });
});
