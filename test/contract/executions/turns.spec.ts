import type { Database } from '@longhaul/database';
import type { Execution, SubmitCommand } from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { requestCancel } from '../../../libs/executions/src/statements/cancel';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { type DueMarks, findDue, takeDueRings } from '../../../libs/executions/src/statements/due';
import { endRuns, type RunEnding } from '../../../libs/executions/src/statements/end-run';
import { endLease } from '../../../libs/executions/src/statements/leases';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { takeBack } from '../../../libs/executions/src/statements/take-back';
import { nextTurns } from '../../../libs/executions/src/statements/turns';
import { describeOnDatabases } from '../../support/databases';
import { empty, registeredWorker } from './fixtures';

const DAY_MS = 86_400_000;
const BOOM = { code: 'agent_error', message: 'boom', retryable: true };
const DONE: RunEnding = { kind: 'completed', output: null, usage: null };

/** Mulberry32: the same run for the same seed, so that a failure can be had again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describeOnDatabases('The turns of a conversation', (get) => {
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

  async function submitMany(commands: Partial<SubmitCommand>[]): Promise<Execution[]> {
    const all = commands.map((more) => submitCommand({ isTurn: true, ...more }));
    return (await submitAll(database, all, DAY_MS)).map((outcome) => {
      if (outcome instanceof LonghaulError) throw outcome;
      return outcome.execution;
    });
  }
  const submit = async (more: Partial<SubmitCommand> = {}) => (await submitMany([more]))[0] as Execution;

  /** Turns of one new conversation, submitted one after the other. */
  async function line(length: number): Promise<[Execution, ...Execution[]]> {
    const first = await submit();
    const turns: [Execution, ...Execution[]] = [first];
    while (turns.length < length) turns.push(await submit({ conversationId: first.conversationId }));
    return turns;
  }

  const claim = async ({ id }: { id: string }, workerId = worker) => {
    const [outcome] = await claimAll(database, [{ executionId: id, workerId, solo: true }]);
    return outcome ?? { kind: 'gone' as const };
  };

  async function run(execution: { id: string }, ending: RunEnding, workerId = worker): Promise<Execution> {
    const outcome = await claim(execution, workerId);
    if (outcome.kind !== 'claimed') throw new Error(`not claimed but ${outcome.kind}`);
    const { id: executionId, runId, epoch } = outcome.execution;
    const [ended] = await endRuns(database, [{ fence: { executionId, runId, workerId, epoch }, ending }]);
    if (!ended) throw new Error('the fence held');
    return ended;
  }

  const cancel = async (id: string) => (await requestCancel(database, id, 'local'))?.execution ?? null;
  const kinds = async (turns: Execution[]) => {
    const found: string[] = [];
    for (const turn of turns) found.push((await claim(turn)).kind);
    return found;
  };

  it('are numbered in the order of their submission, also within one batch and beside others', async () => {
    const conversationId = newId('conv');
    const batch = [conversationId, undefined, conversationId, newId('conv'), conversationId];
    const turns = await submitMany(batch.map((id) => (id === undefined ? {} : { conversationId: id })));
    expect(turns.map(({ turn }) => turn)).toEqual([1, 1, 2, 1, 3]);
    expect(await submit({ conversationId })).toMatchObject({ turn: 4 });
  });

  it('each get a number of their own, however many are submitted at once', async () => {
    const ids = [newId('conv'), newId('conv'), newId('conv')];
    const batches = Array.from({ length: 12 }, (_, n) =>
      submitMany([...ids.slice(n % 3), ...ids.slice(0, n % 3)].map((conversationId) => ({ conversationId }))),
    );
    const turns = (await Promise.all(batches)).flat();
    for (const id of ids) {
      const numbers = turns.filter(({ conversationId }) => conversationId === id).map(({ turn }) => Number(turn));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    }
  });

  it('take no place for a request that was made before', async () => {
    const first = await submit();
    const keyed = {
      conversationId: first.conversationId,
      idempotency: { route: 'r', key: 'k', bodyHash: 'h' },
    };
    const again = await submitMany([keyed, keyed]);
    const later = await submit({ conversationId: first.conversationId });
    expect([...again, await submit(keyed), later].map(({ turn }) => turn)).toEqual([2, 2, 2, 3]);
  });

  it('wait for the one before, whether it waits, runs or is to be retried', async () => {
    const [first, second, third] = (await line(3)) as [Execution, Execution, Execution];
    expect(await kinds([third, second])).toEqual(['gated', 'gated']);
    await run(first, { kind: 'retrying', error: BOOM, delayMs: 60_000 });
    expect(await kinds([second, third])).toEqual(['gated', 'gated']);
    await database.run('UPDATE executions SET due_at = 0 WHERE id = $1', [first.id]);
    expect(await kinds([third, second, first, second])).toEqual(['gated', 'gated', 'claimed', 'gated']);
  });

  it('are let go by each way in which the one before can end', async () => {
    const endings: RunEnding[] = [DONE, { kind: 'failed', error: BOOM }, { kind: 'cancelled' }];
    for (const ending of endings) {
      const [first, second] = (await line(2)) as [Execution, Execution];
      const ended = await run(first, ending);
      expect(await nextTurns(database, [ended])).toMatchObject([{ executionId: second.id, jobId: second.jobId }]);
      expect(await kinds([second])).toEqual(['claimed']);
    }
  });

  it('are let go when the one before was cancelled before it ran, or lost its workers too often', async () => {
    const [first, second, third] = (await line(3)) as [Execution, Execution, Execution];
    const cancelled = await cancel(first.id);
    expect(await nextTurns(database, cancelled ? [cancelled] : [])).toMatchObject([{ executionId: second.id }]);
    let lost: Execution[] = [];
    for (let loss = 1; loss <= 3; loss += 1) {
      const doomed = await registeredWorker(database);
      expect(await claim(second, doomed)).toMatchObject({ kind: 'claimed' });
      await endLease(database, doomed);
      expect(await kinds([third])).toEqual(['gated']);
      lost = await takeBack(database, 10);
    }
    expect(lost).toMatchObject([{ status: 'failed' }]);
    expect(await nextTurns(database, lost)).toMatchObject([{ executionId: third.id }]);
    expect(await kinds([third])).toEqual(['claimed']);
  });

  it('still wait for the first when one in between is cancelled', async () => {
    const [first, second, third] = (await line(3)) as [Execution, Execution, Execution];
    expect(await kinds([first])).toEqual(['claimed']);
    const cancelled = await cancel(second.id);
    expect(await nextTurns(database, cancelled ? [cancelled] : [])).toEqual([]);
    expect(await kinds([third])).toEqual(['gated']);
  });

  it('hold those behind them when they are for later, and are not rung before', async () => {
    const first = await submit();
    const { conversationId } = first;
    const later = await submit({ conversationId, delayMs: 60_000 });
    const last = await submit({ conversationId });
    expect(await nextTurns(database, [await run(first, DONE)])).toEqual([]);
    expect(await kinds([later, last])).toEqual(['gone', 'gated']);
  });

  it('do not wait for another owner, another conversation, or what is no turn', async () => {
    const [first] = await line(2);
    const { conversationId } = first;
    expect(await kinds([first])).toEqual(['claimed']);
    const free = [
      await submit({ conversationId, owner: 'alice' }),
      await submit({ conversationId, isTurn: false }),
      await submit(),
    ];
    expect(free.map(({ turn }) => turn)).toEqual([1, null, 1]);
    expect(await kinds(free)).toEqual(['claimed', 'claimed', 'claimed']);
  });

  it('are one at a time when rings for all come to one worker in one batch', async () => {
    const turns = await line(4);
    const requests = turns.toReversed().map(({ id }) => ({ executionId: id, workerId: worker, solo: false }));
    const outcomes = await claimAll(database, requests);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['gated', 'gated', 'gated', 'claimed']);
  });

  describe('that wait for another', () => {
    it('are not found by an idle worker, and hide nobody behind them', async () => {
      const [first, second] = await line(20);
      const other = await submit();
      const found = await findDue(database, ['default'], 2);
      expect(found.map(({ executionId }) => executionId)).toEqual([first.id, other.id]);
      await run(first, DONE);
      expect((await findDue(database, ['default'], 1)).map(({ executionId }) => executionId)).toEqual([second?.id]);
    });

    it('are looked through a part at a time, and the next look goes on where one found too little', async () => {
      const [first] = await line(20);
      await claim(first);
      const free = [await submit(), await submit()];
      const marks: DueMarks = new Map();
      const look = async (limit: number) =>
        (await findDue(database, ['default'], limit, marks, { pages: 2, rows: 4 })).map((ring) => ring.executionId);
      const ids = free.map(({ id }) => id);
      expect([await look(2), await look(2), await look(2)]).toEqual([[], [], ids]);
      // Found enough, or came to the end: from the start again.
      await run(free[0]!, DONE);
      expect([await look(2), await look(2), await look(2)]).toEqual([[], [], ids.slice(1)]);
      expect(marks.size).toBe(0);
    });

    it('get looks of the same length when all are due in the same millisecond', async () => {
      const [first] = await line(9);
      await claim(first);
      const other = await submit();
      await database.run('UPDATE executions SET due_at = 1');
      const marks: DueMarks = new Map();
      const found: string[] = [];
      for (let n = 0; n < 5; n += 1) {
        const rings = await findDue(database, ['default'], 1, marks, { pages: 1, rows: 2 });
        found.push(...rings.map((ring) => ring.executionId));
      }
      expect(found).toEqual([other.id]);
    });

    it('are not rung by the sweep, and hide nobody behind them', async () => {
      const [first] = await line(20);
      await claim(first);
      const other = await submit();
      await database.run('UPDATE executions SET ring_after = 0');
      await database.run('UPDATE executions SET ring_after = 1 WHERE id = $1', [other.id]);
      const rings = await takeDueRings(database, 3);
      expect(rings.map(({ executionId }) => executionId)).toEqual([other.id]);
      expect(await takeDueRings(database, 3)).toEqual([]);
    });
  });

  it.each([1, 2, 3])(
    'stay in order through crashes, cancels, retries and drains (seed %i)',
    async (seed) => {
      const random = randomOf(seed);
      const conversations = Array.from({ length: 5 }, () => newId('conv'));
      const submitted: Execution[] = [];
      const submitter = async () => {
        for (let n = 0; n < 8; n += 1) {
          submitted.push(...(await submitMany(conversations.map((conversationId) => ({ conversationId })))));
          const victim = submitted[random(submitted.length)];
          if (victim && random(3) === 0) await cancel(victim.id);
        }
      };
      const endings: (() => RunEnding)[] = [
        () => DONE,
        () => DONE,
        () => ({ kind: 'failed', error: BOOM }),
        () => ({ kind: 'retrying', error: BOOM, delayMs: random(5) }),
        () => ({ kind: 'released' }),
      ];
      let over = false;
      const work = async () => {
        let workerId = await registeredWorker(database);
        while (!over) {
          // What an idle worker finds, and rings that may come for anything at any time.
          const found = (await findDue(database, ['default'], 3)).map((ring) => ring.executionId);
          const rung = Array.from({ length: 5 }, () => submitted[random(submitted.length)]?.id ?? newId('exec'));
          for (const executionId of [...rung, ...found]) {
            const outcome = await claim({ id: executionId }, workerId);
            if (outcome.kind !== 'claimed') continue;
            if (random(6) === 0) {
              await endLease(database, workerId);
              await takeBack(database, 10);
              workerId = await registeredWorker(database);
              continue;
            }
            const { runId, epoch, attempt, maxAttempts } = outcome.execution;
            const ending = attempt < maxAttempts ? endings[random(endings.length)]?.() : DONE;
            if (ending) await endRuns(database, [{ fence: { executionId, runId, workerId, epoch }, ending }]);
          }
          const [open] = await database.read('SELECT 1 FROM executions WHERE completed_at IS NULL LIMIT 1');
          if (!open && submitted.length === 40) over = true;
          await takeBack(database, 10);
        }
      };
      await Promise.all([submitter(), work(), work(), work()]);
      expect(submitted).toHaveLength(40);
    },
    60_000,
  );
});
