import type { Database } from '@longhaul/database';
import {
  type DeadLetterFilter,
  type DeadLetterPlace,
  type DeadLetterRecord,
  DeadLettersReader,
  DeadLettersService,
  type Execution,
  type SubmitCommand,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import { endLease } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { CreateDeadLetters1700000000007 } from '../../../libs/database/src/migrations/1700000000007-create-dead-letters';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';

const DAY_MS = 86_400_000;
const BOOM = { code: 'agent_error', message: 'no order 4711', retryable: false };
const failure: RunEnding = { kind: 'failed', error: BOOM };

describeOnDatabases('Dead letters', (get) => {
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

  async function submit(more: Partial<SubmitCommand> = {}): Promise<{ execution: Execution; replayed: boolean }> {
    const [outcome] = await submitAll(database, [submitCommand(more)], DAY_MS);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    return outcome;
  }

  async function end(executionId: string, ending: RunEnding): Promise<void> {
    const [outcome] = await claimAll(database, [{ executionId, workerId: worker, solo: true }]);
    if (outcome?.kind !== 'claimed') throw new Error(`not claimed but ${outcome?.kind}`);
    const { runId, epoch } = outcome.execution;
    await endRuns(database, [{ fence: { executionId, runId, workerId: worker, epoch }, ending }]);
  }

  async function failed(more: Partial<SubmitCommand> = {}, ending = failure): Promise<string> {
    const { execution } = await submit(more);
    await end(execution.id, ending);
    return execution.id;
  }

  const letters = () => database.read('SELECT * FROM dead_letters ORDER BY execution_id');
  const retry = (executionId: string, more: Partial<SubmitCommand> = {}, seen = '') =>
    submit({ ...more, retryOf: { executionId, seen } });

  describe('are written', () => {
    it('with the failure, with its reason, cause and moment, for its owner', async () => {
      const id = await failed({ owner: 'acme', target: 'orders', queue: 'slow' });
      const [row] = await database.read('SELECT completed_at FROM executions');
      expect(await letters()).toEqual([
        {
          execution_id: id,
          owner: 'acme',
          target: 'orders',
          queue: 'slow',
          reason: 'agent_error',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          message: 'no order 4711',
          failed_at: row?.completed_at,
          handled_at: null,
          handling: null,
          redriven_as: null,
          discard_reason: null,
        },
      ]);
    });

    it('for what has lost its worker too often', async () => {
      const { execution } = await submit();
      for (let loss = 0; loss < 3; loss += 1) {
        worker = await registeredWorker(database);
        await claimAll(database, [{ executionId: execution.id, workerId: worker, solo: true }]);
        await endLease(database, worker);
        await takeBack(database, 10);
      }
      expect(await letters()).toMatchObject([{ execution_id: execution.id, reason: 'worker_lost' }]);
    });

    it('for nothing that ends otherwise, or goes on', async () => {
      for (const ending of [
        { kind: 'completed', output: 1 },
        { kind: 'cancelled' },
        { kind: 'released' },
        { kind: 'retrying', error: BOOM, delayMs: 0 },
      ] satisfies RunEnding[]) {
        await failed({}, ending);
      }
      expect(await letters()).toEqual([]);
    });

    it('whatever an agent fails with: a long code, NUL, half a character', async () => {
      const error = { code: `${'x'.repeat(63)}😀`, message: `\u0000 \ud800 ${'y'.repeat(5_000)}`, retryable: false };
      await failed({}, { kind: 'failed', error });
      const [row] = await letters();
      expect([String(row?.reason).length, String(row?.message).length]).toEqual([64, 1_000]);
    });
  });

  describe('are redriven', () => {
    it('as a new execution that names the failed one, which stays as it was', async () => {
      const id = await failed();
      const [before] = await database.read('SELECT * FROM executions WHERE id = $1', [id]);
      const { execution, replayed } = await retry(id);
      expect([execution.retryOf, execution.status, execution.attempt, replayed]).toEqual([id, 'queued', 0, false]);
      expect(await database.read('SELECT * FROM executions WHERE id = $1', [id])).toEqual([before]);
      expect(await letters()).toMatchObject([{ handling: 'redriven', redriven_as: execution.id }]);
      const [event] = await database.read('SELECT data FROM events WHERE execution_id = $1', [execution.id]);
      expect(JSON.parse(String(event?.data))).toMatchObject({ retry_of: id });
    });

    it('once, by whoever comes first; the others get the same execution', async () => {
      const ids = [await failed(), await failed(), await failed()];
      const asked = await Promise.all([...ids, ...ids.toReversed(), ...ids].map((id) => retry(id)));
      const by = Map.groupBy(asked, ({ execution }) => execution.retryOf);
      for (const id of ids) {
        const outcomes = by.get(id) ?? [];
        expect(new Set(outcomes.map(({ execution }) => execution.id)).size).toBe(1);
        expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
      }
      expect(await database.read('SELECT id FROM executions WHERE retry_of IS NOT NULL')).toHaveLength(3);
    });

    it('once within one batch as well', async () => {
      const id = await failed();
      const command = submitCommand({ retryOf: { executionId: id, seen: '' } });
      const outcomes = await submitAll(database, [command, submitCommand(), command], DAY_MS);
      expect(outcomes.map((outcome) => 'replayed' in outcome && outcome.replayed)).toEqual([false, false, true]);
      expect(await database.read('SELECT id FROM executions WHERE retry_of IS NOT NULL')).toHaveLength(1);
    });

    it('not at all when the new execution is refused', async () => {
      const id = await failed();
      const bad = submitCommand({ retryOf: { executionId: id, seen: '' }, metadata: 1n as never });
      await expect(submitAll(database, [bad], DAY_MS)).rejects.toThrow(TypeError);
      expect(await letters()).toMatchObject([{ handling: null, redriven_as: null }]);
      expect((await retry(id)).replayed).toBe(false);
    });

    it('with the end of their line as the place of a chat, and no place is lost to one that came too late', async () => {
      const conversationId = newId('conv');
      const id = await failed({ conversationId, isTurn: true });
      const other = await submit({ conversationId, isTurn: true });
      const turn = { conversationId, isTurn: true };
      const both = await Promise.all([retry(id, turn), retry(id, turn)]);
      expect([other.execution.turn, ...both.map(({ execution }) => execution.turn)]).toEqual([2, 3, 3]);
      expect((await submit({ conversationId, isTurn: true })).execution.turn).toBe(4);
    });

    it('only by their owner, and only if nobody has changed what was seen', async () => {
      const id = await failed();
      await expect(retry(id, { owner: 'stranger' })).rejects.toMatchObject({ code: 'dead_letter_handled' });
      await expect(retry(id, {}, 'discarded')).rejects.toMatchObject({ code: 'dead_letter_handled' });
      const { execution } = await retry(id);
      await requestCancel(database, execution.id, 'local');
      const again = await retry(id, {}, execution.id);
      expect([again.replayed, again.execution.id === execution.id]).toEqual([false, false]);
    });
  });

  describe('are read and discarded', () => {
    const reader = () => new DeadLettersReader(database);
    const service = () => new DeadLettersService(database, reader());
    const idsOf = (found: { executionId: string }[]) => found.map(({ executionId }) => executionId);
    const other = { kind: 'failed', error: { code: 'timeout', message: 'too long', retryable: false } } as const;

    it('latest failure first, page by page, by all that may be asked for', async () => {
      const ids = [await failed(), await failed({ target: 'orders' }, other), await failed()];
      await failed({ owner: 'stranger' });
      const list = (filter: DeadLetterFilter, limit = 10, before?: DeadLetterPlace) =>
        reader().list('local', filter, limit, before);
      const all = await list({});
      expect(idsOf(all)).toEqual(ids.toReversed());
      expect(all[1]).toMatchObject({
        target: 'orders',
        reason: 'timeout',
        error: other.error,
        attempt: 1,
        interruptions: 0,
      });
      const first = await list({ state: 'open' }, 2);
      expect(idsOf(await list({ state: 'open' }, 2, first[1]))).toEqual(ids.slice(0, 1));
      const [last] = all as [DeadLetterRecord];
      expect(idsOf(await list({ fingerprint: last.fingerprint }))).toEqual([ids[2], ids[0]]);
      expect(idsOf(await list({ target: 'orders', reason: 'timeout', state: 'open' }))).toEqual([ids[1]]);
      expect(idsOf(await list({ failedAfter: last.failedAt }))).toEqual([]);
      expect(idsOf(await list({ failedBefore: last.failedAt + 1, failedAfter: 0 }))).toEqual(ids.toReversed());
      expect(idsOf(await list({ state: 'discarded' }))).toEqual([]);
    });

    it('by cause, page by page', async () => {
      const ids = [await failed(), await failed({ target: 'orders' }, other), await failed()];
      await failed({ owner: 'stranger' });
      const groups = await reader().groups('local', { state: 'open' }, 10);
      expect(groups).toMatchObject([
        { count: 2, reason: 'agent_error', sample: { executionId: ids[2], message: 'no order 4711' } },
        { count: 1, reason: 'timeout', target: 'orders', sample: { executionId: ids[1] } },
      ]);
      const [first] = groups;
      const place = { failedAt: first?.lastFailedAt ?? 0, executionId: ids[2] ?? '' };
      expect(await reader().groups('local', { state: 'open' }, 10, place)).toEqual(groups.slice(1));
    });

    it('in a walk that ends where it began in time, whatever fails meanwhile', async () => {
      const ids = [await failed(), await failed(), await failed()];
      const first = await service().discardMatching('local', {}, 'old', { max: 2 });
      expect(first).toMatchObject({ refused: [], remaining: 1, next: { executionId: ids[1] } });
      const late = await failed();
      await database.run('UPDATE dead_letters SET failed_at = failed_at + 1000 WHERE execution_id = $1', [late]);
      const rest = await service().discardMatching('local', {}, 'old', { max: 2, after: first.next });
      expect(rest).toEqual({ executionIds: [ids[2]], refused: [], remaining: 0 });
      expect(idsOf(await reader().list('local', { state: 'open' }, 10))).toEqual([late]);
      expect(await letters()).toMatchObject([...ids.map(() => ({ discard_reason: 'old' })), { handling: null }]);
    });

    it("one by one: discarded once, and never what is somebody else's or redriven", async () => {
      const [id, foreign, redriven] = [await failed(), await failed({ owner: 'stranger' }), await failed()];
      await retry(redriven);
      const asked = [id, foreign, redriven, id];
      const twice = await Promise.all(['a', 'b'].map((why) => service().discardThese('local', asked, `${why}\u0000`)));
      for (const { executionIds, refused } of twice) {
        expect(executionIds).toEqual([id]);
        expect(refused).toMatchObject([
          { executionId: foreign, code: 'not_found' },
          { executionId: redriven, code: 'dead_letter_handled' },
        ]);
      }
      await expect(reader().get(foreign, 'local')).rejects.toMatchObject({ code: 'not_found' });
      expect((await reader().get(id, 'local')).discardReason).toMatch(/^[ab]/);
    });
  });

  it('are made of what failed before there were any', async () => {
    const ids = [await failed(), (await submit()).execution.id, await failed({ target: 'orders' })];
    const runner = get().dataSource.createQueryRunner();
    const migration = new CreateDeadLetters1700000000007();
    await migration.down(runner);
    await migration.up(runner);
    await runner.release();
    expect(await letters()).toMatchObject([
      { execution_id: ids[0], reason: 'agent_error', message: 'no order 4711', handled_at: null },
      { execution_id: ids[2], target: 'orders', fingerprint: '0000000000000000' },
    ]);
  });
});
