import type { Database } from '@longhaul/database';
import { LonghaulError, newId } from '@longhaul/kernel';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import type { Execution, ExecutionsOptions, SubmitCommand } from '@longhaul/executions';
import { RequestWrites } from '../../../libs/executions/src/request-writes';
import { appendEvents } from '../../../libs/executions/src/statements/append-events';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { exceedDeadlines } from '../../../libs/executions/src/statements/deadlines';
import { findDue, takeDueRings } from '../../../libs/executions/src/statements/due';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import { endLapsedLeases, endLease, renewLease } from '../../../libs/executions/src/statements/leases';
import { deleteExecutions } from '../../../libs/executions/src/statements/retention';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { NOBODY } from '../../../libs/executions/src/transition-participant';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';

const DAY_MS = 86_400_000;
const BOOM = { code: 'agent_error', message: 'boom', retryable: true };

describeOnDatabases('The state machine', (get) => {
  let database: Database;
  let worker: string;

  beforeAll(() => {
    database = get().database;
  });
  beforeEach(async () => {
    await empty(database);
    worker = await registeredWorker(database);
  });
  afterEach(async () => {
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  async function submit(more: Partial<SubmitCommand> = {}): Promise<Execution> {
    const [outcome] = await submitAll(database, [submitCommand(more)], DAY_MS);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome.execution;
  }

  const claim = async (executionId: string, workerId = worker, solo = false) => {
    const [outcome] = await claimAll(database, [{ executionId, workerId, solo }]);
    return outcome;
  };

  async function claimed(executionId: string, workerId = worker, solo = false): Promise<Fence> {
    const outcome = await claim(executionId, workerId, solo);
    if (outcome?.kind !== 'claimed') throw new Error(`not claimed but ${outcome?.kind}`);
    const { id, runId, epoch } = outcome.execution;
    return { executionId: id, runId, workerId, epoch };
  }

  const end = async (fence: Fence, ending: RunEnding) => (await endRuns(database, [{ fence, ending }]))[0];
  const done: RunEnding = { kind: 'completed', output: { answer: 42 }, usage: null };

  async function stored(id: string): Promise<{ status: string; attempt: number; interruptions: number }> {
    const [row] = await database.read('SELECT * FROM executions WHERE id = $1', [id]);
    return { status: String(row?.status), attempt: Number(row?.attempt), interruptions: Number(row?.interruptions) };
  }

  const eventTypes = async (id: string) =>
    (await database.read('SELECT type FROM events WHERE execution_id = $1 ORDER BY seq', [id])).map((row) => row.type);

  describe('submit', () => {
    it('accepts many in one transaction, each with its event 0', async () => {
      const commands = Array.from({ length: 30 }, (_, n) => submitCommand({ input: { n } }));
      const outcomes = await submitAll(database, commands, DAY_MS);
      expect(outcomes.map((outcome) => ('execution' in outcome ? outcome.execution.input : null))).toEqual(
        commands.map((command) => command.input),
      );
    });

    it('gives the same key and body the same execution, also within one batch', async () => {
      const keyed = submitCommand({ idempotency: { route: 'r', key: 'k', bodyHash: 'h' } });
      const first = await submitAll(database, [keyed], DAY_MS);
      const again = await submitAll(database, [keyed, submitCommand(), keyed], DAY_MS);
      const ids = [...first, ...again].map((outcome) => ('execution' in outcome ? outcome.execution.id : ''));
      expect([ids[1], ids[3]]).toEqual([ids[0], ids[0]]);
      expect(again.map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual([true, false, true]);
    });

    it('makes one execution of a new key that comes several times in one batch', async () => {
      const keyed = (bodyHash: string) => submitCommand({ idempotency: { route: 'r', key: 'new', bodyHash } });
      const outcomes = await submitAll(database, [keyed('h'), keyed('h'), keyed('other')], DAY_MS);
      const [first, second, third] = outcomes;
      expect([first, second]).toMatchObject([{ replayed: false }, { replayed: true }]);
      expect(third).toMatchObject({ code: 'idempotency_key_reused' });
      expect(await database.read('SELECT id FROM executions')).toHaveLength(1);
    });

    it('refuses the same key with another body, at no cost to its neighbours', async () => {
      const keyed = (bodyHash: string) => submitCommand({ idempotency: { route: 'r', key: 'k', bodyHash } });
      await submitAll(database, [keyed('one')], DAY_MS);
      const [refused, neighbour] = await submitAll(database, [keyed('two'), submitCommand()], DAY_MS);
      expect(refused).toMatchObject({ code: 'idempotency_key_reused' });
      expect(neighbour).toMatchObject({ replayed: false });
    });

    it('keeps the keys of owners and routes apart, and forgets a key when its time is over', async () => {
      const keyed = (owner: string, route: string) =>
        submitCommand({ owner, idempotency: { route, key: 'k', bodyHash: 'h' } });
      const all = await submitAll(database, [keyed('a', 'r'), keyed('b', 'r'), keyed('a', 's')], -1);
      const later = await submitAll(database, [keyed('a', 'r')], DAY_MS);
      expect([...all, ...later].map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual(
        Array(4).fill(false),
      );
    });

    it('accepts a child once, however often its step submits it', async () => {
      const parent = await submit();
      const childOf = (id: string) => submitCommand({ child: { id, parentId: parent.id, depth: 1 } });
      const ids = Array.from({ length: 20 }, () => newId('exec'));
      const commands = ids.map(childOf);
      const twice = [submitAll(database, commands, DAY_MS), submitAll(database, commands.toReversed(), DAY_MS)];
      const [ones = [], others = []] = await Promise.all(twice);
      for (const [n, id] of ids.entries()) {
        const both = [ones[n], others.toReversed()[n]];
        expect(both).toMatchObject([{ execution: { id } }, { execution: { id } }]);
        expect(both.filter((outcome) => outcome && 'replayed' in outcome && outcome.replayed)).toHaveLength(1);
      }
      const id = newId('exec');
      const again = await submitAll(
        database,
        [childOf(id), submitCommand(), childOf(id), childOf(ids[0] ?? '')],
        DAY_MS,
      );
      expect(again.map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual([false, false, true, true]);
      expect(await database.read('SELECT id FROM executions WHERE parent_id = $1', [parent.id])).toHaveLength(21);
      expect(await eventTypes(id)).toEqual(['execution.queued']);
    });

    it('begins no fork without what it was to begin with, at no cost to its neighbours', async () => {
      const { submissions } = new RequestWrites(database, NOBODY, { idempotencyTtlMs: DAY_MS } as ExecutionsOptions);
      const source = await submit();
      await end(await claimed(source.id), done);
      expect(await deleteExecutions(database, [source.id], -DAY_MS, [])).toBe(1);
      const fork = submitCommand({ journalFrom: { executionId: source.id, beforeStep: 'pay' } });
      const [refused, neighbour] = await Promise.allSettled([submissions.add(fork), submissions.add(submitCommand())]);
      expect(refused).toMatchObject({
        status: 'rejected',
        reason: { code: 'not_found', message: expect.stringContaining(source.id) as string },
      });
      expect(neighbour).toMatchObject({ status: 'fulfilled', value: { replayed: false } });
      expect(await database.read('SELECT id FROM executions')).toHaveLength(1);
    });

    it('takes no execution of somebody else for a child that was submitted before', async () => {
      const [parent, stranger] = [await submit(), await submit({ owner: 'stranger' })];
      const child = { id: stranger.id, parentId: parent.id, depth: 1 };
      const [refused, neighbour] = await submitAll(database, [submitCommand({ child }), submitCommand()], DAY_MS);
      expect(refused).toMatchObject({
        code: 'internal_error',
        message: expect.stringMatching(/is no child of it/) as string,
      });
      expect(neighbour).toMatchObject({ replayed: false });
    });

    it('accepts a thousand executions of one tree, and no more', async () => {
      const below = (parent: Pick<Execution, 'id' | 'treeDepth'>, count: number) => {
        const depth = (parent.treeDepth ?? 0) + 1;
        return Array.from({ length: count }, () =>
          submitCommand({ child: { id: newId('exec'), parentId: parent.id, depth } }),
        );
      };
      const [root, other] = [await submit(), await submit()];
      const outcomes = await submitAll(database, below(root, 100), DAY_MS);
      const children = outcomes.flatMap((outcome) => ('execution' in outcome ? [outcome.execution] : []));
      for (const child of children.slice(0, 98)) await submitAll(database, below(child, 9), DAY_MS);
      const [last, grandchild] = [children[99] ?? root, children[0] ?? root];
      const [deep] = await database.read('SELECT id FROM executions WHERE parent_id = $1', [grandchild.id]);
      const deepest = { id: String(deep?.id), treeDepth: 2 };
      // 983 by now. In one batch: 17 are left, whoever of the tree asks, and what is in it already costs none of them.
      const more = [...below(deepest, 10), ...below(last, 10), ...below(other, 1)];
      const again = submitCommand({ child: { id: last.id, parentId: root.id, depth: 1 } });
      const answers = await submitAll(database, [...more, again], DAY_MS);
      const full = {
        name: 'PermanentError',
        code: 'limit_exceeded',
        message: expect.stringMatching(/1000 executions/) as string,
      };
      expect(answers.slice(0, 17).every((answer) => 'execution' in answer)).toBe(true);
      expect(answers.slice(17, 20)).toMatchObject([full, full, full]);
      expect(answers.slice(20)).toMatchObject([{ replayed: false }, { replayed: true }]);
      const [late, replayed] = await submitAll(database, [...below(last, 1), again], DAY_MS);
      expect([late, replayed]).toMatchObject([full, { replayed: true }]);
      expect(await database.read('SELECT count(*) AS n FROM executions')).toMatchObject([{ n: 1_002 }]);
    });

    it('accepts an input of null', async () => {
      expect(await submit({ input: null })).toMatchObject({ input: null });
    });

    it('stores what an agent may hand over: NUL, half characters, text that looks like an escape', async () => {
      const input = { a: 'x\u0000y', b: '\ud83d', c: 'C:\\u0000', d: '\\\\u0000', e: '😀' };
      const { id } = await submit({ input });
      const [row] = await database.read('SELECT input FROM executions WHERE id = $1', [id]);
      expect(JSON.parse(String(row?.input))).toEqual({ ...input, a: 'x\ufffdy', b: '\ufffd' });
    });
  });

  describe('claim', () => {
    it('gives an execution to exactly one of many that try', async () => {
      const { id } = await submit();
      const workers = await Promise.all(Array.from({ length: 8 }, () => registeredWorker(database)));
      const outcomes = await Promise.all(workers.map((workerId) => claim(id, workerId)));
      expect(outcomes.filter((outcome) => outcome?.kind === 'claimed')).toHaveLength(1);
    });

    it('claims once when a ring came twice in one batch', async () => {
      const { id } = await submit();
      const request = { executionId: id, workerId: worker, solo: false };
      const outcomes = await claimAll(database, [request, request]);
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['claimed', 'gone']);
    });

    it('finds nothing in what is not due, cancelled, unknown or running', async () => {
      const delayed = await submit({ delayMs: 60_000 });
      const cancelled = await submit();
      await requestCancel(database, cancelled.id, 'local');
      const running = await submit();
      await claimed(running.id);
      for (const id of [delayed.id, cancelled.id, running.id, newId('exec')]) {
        expect(await claim(id)).toEqual({ kind: 'gone' });
      }
    });

    it('gives nothing to a worker whose lease has ended, and tells it that the ring is for another', async () => {
      const { id } = await submit();
      await endLease(database, worker);
      expect(await claim(id)).toEqual({ kind: 'lease_ended' });
    });
  });

  describe('the end of a run', () => {
    it('completes, once', async () => {
      const { id } = await submit();
      const fence = await claimed(id);
      expect(await end(fence, done)).toMatchObject({ status: 'completed', output: { answer: 42 }, workerId: null });
      expect(await end(fence, { kind: 'failed', error: BOOM })).toBeNull();
      expect(await eventTypes(id)).toEqual(['execution.queued', 'execution.started', 'execution.completed']);
    });

    it('goes back to the queue for a retry, due after its delay, under a new job and run', async () => {
      const { id } = await submit();
      const fence = await claimed(id);
      const retried = await end(fence, { kind: 'retrying', error: BOOM, delayMs: 60_000 });
      expect(retried).toMatchObject({ status: 'queued', attempt: 1, error: BOOM, countsAttempt: true });
      expect(retried?.runId).not.toBe(fence.runId);
      expect(await claim(id)).toEqual({ kind: 'gone' });
      expect(await takeDueRings(database, 10)).toEqual([]);
    });

    it('refuses every write of a run whose lease was taken over', async () => {
      const { id } = await submit();
      const stale = await claimed(id);
      await endLease(database, worker);
      await takeBack(database, 10);
      const fence = await claimed(id, await registeredWorker(database));
      expect(fence.epoch).toBe(stale.epoch + 1);
      expect(await appendEvents(database, [{ fence: stale, type: 'output.delta', data: {} }])).toEqual([false]);
      for (const kind of ['completed', 'failed', 'retrying', 'cancelled', 'released'] as const) {
        expect(await end(stale, { kind, output: 1, usage: null, error: BOOM, delayMs: 0 })).toBeNull();
      }
      expect(await end(fence, done)).toMatchObject({ status: 'completed', attempt: 1 });
    });

    it('refuses what fits the epoch but not the worker, or the worker but not the epoch', async () => {
      const { id } = await submit();
      const fence = await claimed(id);
      expect(await end({ ...fence, workerId: await registeredWorker(database) }, done)).toBeNull();
      expect(await end({ ...fence, epoch: fence.epoch + 1 }, done)).toBeNull();
      expect(await end(fence, done)).not.toBeNull();
    });

    it('lets a cancel beat a retry and a drain, and a result beat a cancel', async () => {
      const endings: [RunEnding, string][] = [
        [{ kind: 'retrying', error: BOOM, delayMs: 0 }, 'cancelled'],
        [{ kind: 'released' }, 'cancelled'],
        [{ kind: 'cancelled' }, 'cancelled'],
        [done, 'completed'],
      ];
      for (const [ending, status] of endings) {
        const { id } = await submit();
        const fence = await claimed(id);
        await requestCancel(database, id, 'local');
        expect(await end(fence, ending)).toMatchObject({ status });
      }
    });

    it('releases at no cost to the attempts', async () => {
      const { id } = await submit();
      await end(await claimed(id), { kind: 'released' });
      expect(await end(await claimed(id), done)).toMatchObject({ attempt: 1 });
    });

    it('tells a stale run from the present one when both write in one batch', async () => {
      const { id } = await submit();
      const stale = await claimed(id);
      await endLease(database, worker);
      await takeBack(database, 10);
      const present = await claimed(id, await registeredWorker(database));
      const delta = (fence: Fence, n: number) => ({ fence, type: 'output.delta' as const, data: { n } });
      expect(await appendEvents(database, [delta(present, 1), delta(stale, 2)])).toEqual([true, false]);
      expect(await appendEvents(database, [delta(stale, 3), delta(present, 4)])).toEqual([false, true]);
      const both = [stale, present].map((fence) => ({ fence, ending: done }));
      expect((await endRuns(database, both)).map((execution) => execution?.status)).toEqual([undefined, 'completed']);
    });

    it('ends many in one transaction, each by its own fence', async () => {
      const executions = await Promise.all(Array.from({ length: 20 }, () => submit()));
      const fences: Fence[] = [];
      for (const { id } of executions) fences.push(await claimed(id));
      const runs = fences.map((fence, n) => ({ fence: n % 4 === 0 ? { ...fence, epoch: 9 } : fence, ending: done }));
      const ended = await endRuns(database, runs);
      expect(ended.map((execution) => execution?.id ?? null)).toEqual(
        executions.map(({ id }, n) => (n % 4 === 0 ? null : id)),
      );
    });
  });

  describe('events', () => {
    it('numbers them without a gap, in the order given, over several executions at once', async () => {
      const fences = [await claimed((await submit()).id), await claimed((await submit()).id)];
      const requests = Array.from({ length: 20 }, (_, n) => ({
        fence: fences[n % 2] as Fence,
        type: 'output.delta' as const,
        data: { n },
      }));
      await Promise.all([appendEvents(database, requests.slice(0, 10)), appendEvents(database, requests.slice(10))]);
      for (const fence of fences) {
        const rows = await database.read('SELECT seq, data FROM events WHERE execution_id = $1 ORDER BY seq', [
          fence.executionId,
        ]);
        expect(rows.map((row) => Number(row.seq))).toEqual(rows.map((_, n) => n));
        expect(rows).toHaveLength(12);
      }
    });

    it('shows progress in the record', async () => {
      const fence = await claimed((await submit()).id);
      const progress = { percent: 40, message: 'half', step: null };
      await appendEvents(database, [{ fence, type: 'execution.progress', data: { ...progress }, progress }]);
      await appendEvents(database, [{ fence, type: 'output.delta', data: {} }]);
      expect(await end(fence, done)).toMatchObject({ progress });
    });
  });

  describe('cancel', () => {
    it('ends what has not begun, asks what runs once, and leaves what has ended', async () => {
      const queued = await submit();
      expect(await requestCancel(database, queued.id, 'local')).toMatchObject({
        execution: { status: 'cancelled' },
        changed: true,
      });
      const running = await submit();
      const fence = await claimed(running.id);
      expect(await requestCancel(database, running.id, 'local')).toMatchObject({
        execution: { status: 'running' },
        changed: true,
      });
      expect(await requestCancel(database, running.id, 'local')).toMatchObject({
        execution: { status: 'running' },
        changed: false,
      });
      expect(await renewLease(database, worker)).toMatchObject({ running: [running.id], cancels: [running.id] });
      await end(fence, { kind: 'cancelled' });
      expect(await requestCancel(database, running.id, 'local')).toMatchObject({
        execution: { status: 'cancelled' },
        changed: false,
      });
      expect((await eventTypes(running.id)).filter((type) => type === 'execution.cancelling')).toHaveLength(1);
    });

    it("does not see another owner's execution", async () => {
      const { id } = await submit({ owner: 'alice' });
      expect(await requestCancel(database, id, 'bob')).toBeNull();
      expect(await stored(id)).toMatchObject({ status: 'queued' });
    });
  });

  describe('a lost lease', () => {
    async function interrupt(id: string, solo = false): Promise<void> {
      const dead = await registeredWorker(database);
      await claimed(id, dead, solo);
      await endLease(database, dead);
      await takeBack(database, 10);
    }

    it('is noticed by the silence of the worker alone', async () => {
      expect(await endLapsedLeases(database, 60_000)).toEqual([]);
      await database.run('UPDATE workers SET renewed_at = renewed_at - 61000');
      expect(await endLapsedLeases(database, 60_000)).toEqual([worker]);
      expect(await renewLease(database, worker)).toBeNull();
    });

    it('gives the execution back at no cost to its attempts', async () => {
      const { id } = await submit({ maxAttempts: 1 });
      await interrupt(id);
      expect(await stored(id)).toMatchObject({ status: 'queued', interruptions: 1 });
      expect(await end(await claimed(id), done)).toMatchObject({ status: 'completed', attempt: 1 });
    });

    it('makes it run alone after the second, and fail as worker_lost after the third', async () => {
      const { id } = await submit();
      await interrupt(id);
      await interrupt(id);
      expect(await claim(id)).toEqual({ kind: 'gone' });
      await interrupt(id, true);
      const [row] = await database.read('SELECT status, error FROM executions WHERE id = $1', [id]);
      expect(row?.status).toBe('failed');
      expect(JSON.parse(String(row?.error))).toMatchObject({ code: 'worker_lost' });
    });

    it('lets a suspect that found no idle worker run beside others after a while', async () => {
      const { id } = await submit();
      await interrupt(id);
      await interrupt(id);
      expect(await findDue(database, ['default'], 10)).toMatchObject([{ executionId: id, solo: true }]);
      await database.run('UPDATE executions SET due_at = due_at - 601000 WHERE id = $1', [id]);
      expect(await findDue(database, ['default'], 10)).toMatchObject([{ executionId: id, solo: false }]);
      await claimed(id);
    });

    it('forgets the losses of an execution whose run then ends by itself', async () => {
      const { id } = await submit();
      await interrupt(id);
      await end(await claimed(id), { kind: 'retrying', error: BOOM, delayMs: 0 });
      expect(await stored(id)).toMatchObject({ interruptions: 0 });
    });

    it('cancels what was being cancelled', async () => {
      const { id } = await submit();
      await claimed(id);
      await requestCancel(database, id, 'local');
      await endLease(database, worker);
      expect(await takeBack(database, 10)).toMatchObject([{ id, status: 'cancelled' }]);
    });

    it('is taken back once, however many sweepers look at once', async () => {
      const { id } = await submit();
      await claimed(id);
      await endLease(database, worker);
      const taken = await Promise.all([1, 2, 3, 4].map(() => takeBack(database, 10)));
      expect(taken.flat()).toHaveLength(1);
      expect(await stored(id)).toMatchObject({ interruptions: 1 });
    });
  });

  describe('lost rings', () => {
    it('are found by an idle worker in the queues it serves, the longest waiting first', async () => {
      const first = await submit({ queue: 'a' });
      const second = await submit({ queue: 'b' });
      await submit({ queue: 'c' });
      await submit({ queue: 'a', delayMs: 60_000 });
      const found = await findDue(database, ['b', 'a'], 10);
      expect(new Set(found.map((ring) => ring.executionId))).toEqual(new Set([first.id, second.id]));
    });

    it('are looked for where they are, and not among all that waits', async () => {
      const read = jest.spyOn(database, 'read');
      await takeDueRings(database, 10);
      await exceedDeadlines(database, { limit: 10, graceMs: 0 });
      await findDue(database, ['default'], 10);
      const [rings, late, , due] = read.mock.calls;
      read.mockRestore();
      expect(await planOf(rings)).toMatch(/ix_executions_ring.*ring_after *<=?/);
      expect(await planOf(late)).toMatch(/ix_executions_deadline.*deadline_at *<=?/);
      expect(await planOf(due)).toMatch(/ix_executions_queued.*due_at *<=?/);
    });

    /** Where it looks in an index, in one line. What it then leaves out row by row is not part of that. */
    async function planOf([sql, params]: Parameters<Database['read']> = ['']): Promise<string> {
      const explain = database.dialect.name === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN';
      const rows = await database.read(`${explain} ${sql}`, params);
      const lines = rows.map((row) => String(row['QUERY PLAN'] ?? row.detail));
      return lines.filter((line) => !line.includes('Filter:')).join(' ');
    }

    it('are rung once each when due, whoever sweeps', async () => {
      const { id } = await submit({ delayMs: 1 });
      let rings: string[] = [];
      while (rings.length === 0) {
        const taken = await Promise.all([1, 2, 3].map(() => takeDueRings(database, 10)));
        rings = taken.flat().map((ring) => ring.executionId);
      }
      expect(rings).toEqual([id]);
      expect(await takeDueRings(database, 10)).toEqual([]);
    });
  });
});
