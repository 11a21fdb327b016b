import { AsyncLocalStorage } from 'node:async_hooks';
import { Batcher } from './batcher';

describe('Batcher', () => {
  it('flushes together what arrives while a flush is on its way, in order of arrival', async () => {
    const flushed: number[][] = [];
    let release: () => void = () => undefined;
    const batcher = new Batcher<number, string>(
      async (items) => {
        flushed.push(items);
        if (flushed.length === 1) await new Promise<void>((resolve) => (release = resolve));
        return items.map(String);
      },
      { maxItems: 256 },
    );
    const first = batcher.add(1);
    while (flushed.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const rest = [2, 3, 4].map((n) => batcher.add(n));
    release();
    expect(await Promise.all([first, ...rest])).toEqual(['1', '2', '3', '4']);
    expect(flushed).toEqual([[1], [2, 3, 4]]);
  });

  it('flushes no more together than may be heavy, and what is too heavy alone', async () => {
    const flushed: number[][] = [];
    const batcher = new Batcher<number, number>(
      (items) => {
        flushed.push(items);
        return Promise.resolve(items);
      },
      { maxItems: 3, weight: { of: (item) => item, max: 10 } },
    );
    const items = [5, 5, 1, 20, 2, 2, 2, 2];
    expect(await Promise.all(items.map((item) => batcher.add(item)))).toEqual(items);
    expect(flushed).toEqual([[5, 5], [1], [20], [2, 2, 2], [2]]);
  });

  it('flushes on behalf of nobody: not of the one who came first', async () => {
    const storage = new AsyncLocalStorage<string>();
    const batcher = new Batcher<number, string | undefined>(
      (items) => Promise.resolve(items.map(() => storage.getStore())),
      { maxItems: 256 },
    );
    expect(await storage.run('the first', () => batcher.add(1))).toBeUndefined();
  });

  it('makes nobody pay for a bad item of a stranger', async () => {
    const batcher = new Batcher<number, number>(
      (items) => (items.includes(13) ? Promise.reject(new Error('bad')) : Promise.resolve(items)),
      { maxItems: 256, isBadItem: () => true },
    );
    const outcomes = await Promise.allSettled([1, 13, 2].map((n) => batcher.add(n)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('tries nothing again when it is in doubt what came of it', async () => {
    let flushes = 0;
    const batcher = new Batcher<number, number>(
      () => {
        flushes += 1;
        return Promise.reject(new Error('the answer was lost'));
      },
      { maxItems: 256, isBadItem: (error) => (error as Error).message === 'bad' },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => batcher.add(n)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(flushes).toBe(1);
  });

  it('flushes no more at once than it may', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher<number, number>(
      (items) => {
        sizes.push(items.length);
        return Promise.resolve(items);
      },
      { maxItems: 4 },
    );
    await Promise.all(Array.from({ length: 10 }, (_, n) => batcher.add(n)));
    expect(sizes).toEqual([4, 4, 2]);
  });
});
