import type { Database } from '@longhaul/database';
import { EventFeed, EventLog, type ExecutionEvent, TransitionParticipants } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError } from '@longhaul/kernel';
import { NO_METRICS } from '@longhaul/telemetry';
import { HintBus } from '@longhaul/queue';
import { claimAll } from '../../../libs/executions/src/statements/claim';
import { endRuns } from '../../../libs/executions/src/statements/end-run';
import type { Fence } from '../../../libs/executions/src/statements/fence';
import { submitAll } from '../../../libs/executions/src/statements/submit';
import { ExecutionWrites } from '../../../libs/executions/src/worker/execution-writes';
import { MemoryHintBus } from '../../../libs/queue/src/providers/memory';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { empty, registeredWorker } from './fixtures';

/** Loses every hint. */
class DeafBus extends HintBus {
  publish(): void {
    // lost
  }
  subscribe(): () => void {
    return () => undefined;
  }
}

/** Reads on, and remembers what it was given. */
class Follower {
  readonly pages: ExecutionEvent[][] = [];
  readonly controller = new AbortController();
  readonly end: Promise<void>;

  constructor(feed: EventFeed, id: string, after = -1) {
    this.end = this.read(feed.follow(id, after, this.controller.signal));
  }

  get seqs(): number[] {
    return this.pages.flat().map(({ seq }) => seq);
  }

  private async read(pages: AsyncIterable<ExecutionEvent[]>): Promise<void> {
    for await (const page of pages) this.pages.push(page);
  }
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describeOnDatabases('The feed of events', (get) => {
  let database: Database;
  let bus: HintBus;
  let writes: ExecutionWrites;
  let feed: EventFeed;
  let worker: string;

  function open(hints: HintBus): void {
    bus = hints;
    writes = new ExecutionWrites(database, bus, new TransitionParticipants(), NO_METRICS);
    feed = new EventFeed(new EventLog(database), bus);
    feed.onModuleInit();
  }

  beforeAll(() => {
    database = get().database;
  });
  beforeEach(async () => {
    await empty(database);
    worker = await registeredWorker(database);
    open(new MemoryHintBus());
  });
  afterEach(() => {
    jest.restoreAllMocks();
    feed.beforeApplicationShutdown();
  });

  /** Its events 0 and 1 are stored. */
  async function started(): Promise<Fence> {
    const [outcome] = await submitAll(database, [submitCommand()], 60_000);
    if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
    const executionId = outcome.execution.id;
    const [claim] = await claimAll(database, [{ executionId, workerId: worker, solo: false }]);
    if (claim?.kind !== 'claimed') throw new Error(`not claimed but ${claim?.kind}`);
    return { executionId, runId: claim.execution.runId, workerId: worker, epoch: claim.execution.epoch };
  }

  async function say(fence: Fence, ...texts: string[]): Promise<void> {
    await Promise.all(texts.map((text) => writes.events.add({ fence, type: 'output.delta', data: { text } })));
  }

  async function finish(fence: Fence): Promise<void> {
    await endRuns(database, [{ fence, ending: { kind: 'completed', output: 'done', usage: null } }]);
    bus.publish({ kind: 'execution', executionId: fence.executionId });
  }

  it('gives what is stored and then what comes, in order, and ends with the terminal event', async () => {
    const fence = await started();
    const follower = new Follower(feed, fence.executionId);
    await eventually(() => follower.seqs.length === 2);
    await say(fence, 'a', 'b');
    await eventually(() => follower.seqs.length === 4);
    await finish(fence);
    await follower.end;
    expect(follower.pages.flat()).toMatchObject([
      { seq: 0, type: 'execution.queued', runId: null },
      { seq: 1, type: 'execution.started', runId: fence.runId },
      { seq: 2, type: 'output.delta', data: { text: 'a' } },
      { seq: 3, type: 'output.delta', data: { text: 'b' } },
      { seq: 4, type: 'execution.completed', executionId: fence.executionId, data: { output: 'done' } },
    ]);
    expect(follower.pages.flat()[2]?.at).toBeGreaterThan(1_600_000_000_000);
  });

  it('begins after the cursor, also when that is the last event', async () => {
    const fence = await started();
    const [one, none] = [new Follower(feed, fence.executionId, 0), new Follower(feed, fence.executionId, 1)];
    await eventually(() => one.seqs.length === 1);
    await say(fence, 'a');
    await finish(fence);
    await Promise.all([one.end, none.end]);
    expect([one.seqs, none.seqs]).toEqual([range(1, 4), range(2, 4)]);
  });

  it('misses nothing of what is stored while it is being joined', async () => {
    const fence = await started();
    const followers = range(0, 20).map(() => new Follower(feed, fence.executionId));
    for (const text of 'abcdefghij') {
      followers.push(new Follower(feed, fence.executionId));
      await say(fence, text);
    }
    await finish(fence);
    await Promise.all(followers.map(({ end }) => end));
    for (const { seqs } of followers) expect(seqs).toEqual(range(0, 13));
  });

  it('gives the whole of a long log, whose beginning it does not keep', async () => {
    const fence = await started();
    for (const from of range(0, 4)) await say(fence, ...range(0, 250).map((n) => `${from}/${n}`));
    const [reader, late] = [new Follower(feed, fence.executionId), new Follower(feed, fence.executionId, 990)];
    await eventually(() => reader.seqs.length === 1_002 && late.seqs.length === 11);
    await finish(fence);
    await Promise.all([reader.end, late.end]);
    expect(reader.seqs).toEqual(range(0, 1_003));
    expect(late.seqs).toEqual(range(991, 1_003));
  });

  it('gives large events one by one, however many there are', async () => {
    const fence = await started();
    const big = 'x'.repeat(60_000);
    await say(fence, ...range(0, 12).map((n) => `${n}${big}`));
    const follower = new Follower(feed, fence.executionId);
    await finish(fence);
    await follower.end;
    expect(follower.seqs).toEqual(range(0, 15));
    for (const page of follower.pages) expect(JSON.stringify(page).length).toBeLessThan(200_000);
  });

  it('takes no more at once than it has room for, however many large events many logs have', async () => {
    const fences = await Promise.all(range(0, 40).map(() => started()));
    const reads = jest.spyOn(database, 'read');
    const followers = fences.map(({ executionId }) => new Follower(feed, executionId));
    await eventually(() => followers.every(({ seqs }) => seqs.length === 2));
    const big = 'x'.repeat(300_000);
    for (const fence of fences) await say(fence, big, big, 'small', 'small');
    const late = fences.map(({ executionId }) => new Follower(feed, executionId));
    await Promise.all(fences.map((fence) => finish(fence)));
    await Promise.all([...followers, ...late].map(({ end }) => end));
    for (const { seqs } of [...followers, ...late]) expect(seqs).toEqual(range(0, 7));
    const sizes = await Promise.all(
      reads.mock.results.map(async ({ value }) => JSON.stringify(await (value as Promise<unknown>)).length),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(300_000);
    expect(Math.max(...sizes)).toBeLessThan(6_000_000);
  });

  it('keeps nothing for one who does not ask for more', async () => {
    const fence = await started();
    const slow = feed.follow(fence.executionId, -1, new AbortController().signal);
    expect((await slow.next()).value).toHaveLength(2);
    for (const from of range(0, 3)) await say(fence, ...range(0, 200).map((n) => `${from}/${n}`));
    await finish(fence);
    const rest: number[] = [];
    for await (const page of slow) rest.push(...page.map(({ seq }) => seq));
    expect(rest).toEqual(range(2, 603));
  });

  it('reads the log once for all its followers', async () => {
    const fence = await started();
    const followers = range(0, 1_000).map(() => new Follower(feed, fence.executionId));
    await eventually(() => followers.every(({ seqs }) => seqs.length === 2));
    const reads = jest.spyOn(database, 'read');
    for (const text of 'abcde') await say(fence, text);
    await eventually(() => followers.every(({ seqs }) => seqs.length === 7));
    // One after each append at most, and a poll or two.
    expect(reads.mock.calls.length).toBeLessThan(10);
    await finish(fence);
    await Promise.all(followers.map(({ end }) => end));
    for (const { seqs } of followers) expect(seqs).toEqual(range(0, 8));
  });

  it('follows many executions by one statement at a time', async () => {
    const fences = await Promise.all(range(0, 50).map(() => started()));
    const followers = fences.map(({ executionId }) => new Follower(feed, executionId));
    await eventually(() => followers.every(({ seqs }) => seqs.length === 2));
    await Promise.all(fences.flatMap((fence) => [say(fence, 'a'), say(fence, 'b')]));
    await Promise.all(fences.map((fence) => finish(fence)));
    await Promise.all(followers.map(({ end }) => end));
    for (const { seqs } of followers) expect(seqs).toEqual(range(0, 5));
  });

  it('finds out by itself when every hint is lost', async () => {
    feed.beforeApplicationShutdown();
    open(new DeafBus());
    const fence = await started();
    const follower = new Follower(feed, fence.executionId);
    await eventually(() => follower.seqs.length === 2);
    await say(fence, 'a');
    await eventually(() => follower.seqs.length === 3);
    await finish(fence);
    await follower.end;
    expect(follower.seqs).toEqual(range(0, 4));
  });

  it('lets a follower go when it is told to, and then asks for nothing more', async () => {
    const fence = await started();
    const [leaves, stays] = [new Follower(feed, fence.executionId), new Follower(feed, fence.executionId)];
    await eventually(() => leaves.seqs.length === 2 && stays.seqs.length === 2);
    leaves.controller.abort();
    await leaves.end;
    await say(fence, 'a');
    await eventually(() => stays.seqs.length === 3);
    expect(leaves.seqs).toEqual([0, 1]);
    stays.controller.abort();
    await stays.end;
    const reads = jest.spyOn(database, 'read');
    await say(fence, 'b');
    expect(reads).not.toHaveBeenCalled();
  });

  it('ends for all when the process shuts down, and takes nobody after that', async () => {
    const fence = await started();
    const follower = new Follower(feed, fence.executionId);
    await eventually(() => follower.seqs.length === 2);
    feed.beforeApplicationShutdown();
    await follower.end;
    await new Follower(feed, fence.executionId).end;
    expect(follower.seqs).toEqual([0, 1]);
  });

  it('ends when the execution is deleted', async () => {
    const fence = await started();
    const follower = new Follower(feed, fence.executionId);
    await eventually(() => follower.seqs.length === 2);
    await empty(database);
    await follower.end;
    expect(follower.seqs).toEqual([0, 1]);
  });
});
