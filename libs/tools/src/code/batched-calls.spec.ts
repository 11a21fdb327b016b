import type { JsonObject } from '@longhaul/kernel';
import type { ToolCall } from '../tool';
import { BatchedCalls, type ToolBatch } from './batched-calls';

const callOf = (owner: string, signal = new AbortController().signal) => ({ owner, signal }) as ToolCall;

describe('Calls of a tool that are made together', () => {
  let sent: { args: JsonObject[]; batch: ToolBatch }[];
  let answer: (args: JsonObject[], batch: ToolBatch) => unknown;
  const batched = (max: number, waitMs: number) =>
    new BatchedCalls('@Tool it', { max, waitMs }, async (args, batch) => {
      sent.push({ args, batch });
      await new Promise((resolve) => setImmediate(resolve));
      return answer(args, batch);
    });
  beforeEach(() => {
    sent = [];
    answer = (args) => args.map(({ n }) => ({ n: n ?? null }));
  });
  const all = (calls: BatchedCalls, count: number, owner = 'ann') =>
    Promise.allSettled(Array.from({ length: count }, (_, n) => calls.make({ n }, callOf(owner))));
  const values = (settled: PromiseSettledResult<unknown>[]) =>
    settled.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)));

  it('are one, and each gets its own answer', async () => {
    const settled = await all(batched(50, 5), 3);
    expect(values(settled)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(sent.map(({ args }) => args)).toEqual([[{ n: 0 }, { n: 1 }, { n: 2 }]]);
  });

  it('are as many at once as the tool takes, which do not wait for more', async () => {
    const settled = await all(batched(2, 60_000), 4);
    expect(values(settled)).toHaveLength(4);
    expect(sent.map(({ args }) => args.length)).toEqual([2, 2]);
  });

  it('are never those of two owners', async () => {
    const calls = batched(50, 5);
    await Promise.all([all(calls, 2, 'ann'), all(calls, 3, 'bob')]);
    expect(sent.map(({ args, batch }) => [batch.owner, args.length])).toEqual([
      ['ann', 2],
      ['bob', 3],
    ]);
    for (const { batch } of sent)
      expect(new Set(batch.calls.map(({ owner }) => owner))).toEqual(new Set([batch.owner]));
  });

  it('do not fail with one of them', async () => {
    answer = () => [new RangeError('too far'), undefined, { error: 'no such order' }, { error: 'x', n: 1 }];
    const settled = await all(batched(50, 5), 4);
    expect(values(settled)).toEqual([
      'RangeError: too far',
      null,
      'PermanentError: no such order',
      { error: 'x', n: 1 },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => Promise.reject(new Error('down')), 'Error: down'],
    ['answers no list', () => ({ n: 1 }), 'in their order; got none'],
    ['answers too few', () => [1], '2 calls are answered by a list of 2, in their order; got 1'],
  ])('all fail where the method %s', async (_, what, message) => {
    answer = what;
    for (const reason of values(await all(batched(50, 5), 2))) expect(reason).toContain(message);
  });

  it('go on without one that is given up, and hear of it when none is wanted', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const begun = Promise.withResolvers<AbortSignal>();
    const gate = Promise.withResolvers<void>();
    answer = async (args, { signal }) => {
      begun.resolve(signal);
      await gate.promise;
      return args;
    };
    const calls = batched(2, 60_000);
    const made = [calls.make({ n: 1 }, callOf('ann', one.signal)), calls.make({ n: 2 }, callOf('ann', two.signal))];
    for (const call of made) call.catch(() => undefined);
    const signal = await begun.promise;
    one.abort(new Error('enough'));
    await expect(made[0]).rejects.toThrow('enough');
    expect(signal.aborted).toBe(false);
    two.abort(new Error('enough of this, too'));
    await expect(made[1]).rejects.toThrow('enough of this');
    expect(signal.aborted).toBe(true);
    gate.resolve();
  });

  it('are not made for one that is given up before', async () => {
    const control = new AbortController();
    const calls = batched(50, 5);
    const given = calls.make({ n: 1 }, callOf('ann', control.signal));
    given.catch(() => undefined);
    const kept = calls.make({ n: 2 }, callOf('ann'));
    control.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(await kept).toEqual({ n: 2 });
    expect(sent.map(({ args }) => args)).toEqual([[{ n: 2 }]]);
  });
});
