import { ConfigurationError, newId } from '@longhaul/kernel';
import { eventually } from '../../../test/support/eventually';
import type { ExecutionQueue, QueueDelivery } from '../src';
import { idsOf, inLane, newJob, newJobs, newLane, next, take } from './queue-clients';
import type { QueueHarness } from './queue-harness';

/** No verb may keep its caller longer than this, whatever the backend does. */
const WITHIN_SECONDS_MS = 5_000;

/** The contract of `ExecutionQueue`, as tests. Every provider passes the same ones against its real backend. */
export function describeQueueContract(name: string, harness: QueueHarness): void {
  const { mortalClient, inject, broker, misconfigured, backWithinMs = 20_000 } = harness;

  describe(`${name} as an ExecutionQueue`, () => {
    let queue: ExecutionQueue;
    let lane: string;
    const opened: ExecutionQueue[] = [];

    async function open<T extends ExecutionQueue>(client: T): Promise<T> {
      await client.open();
      opened.push(client);
      return client;
    }

    beforeEach(async () => {
      queue = await open(harness.client());
      lane = newLane();
    });

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()));
    });

    it('hands out what was enqueued first, first', async () => {
      const jobs = newJobs(20);
      for (const job of jobs) await queue.enqueue(lane, job);
      expect(idsOf(await take(queue, lane, 20))).toEqual(idsOf(jobs));
    });

    it('hands out the job as it was, with its lane', async () => {
      const job = newJob();
      await queue.enqueue(lane, job);
      expect(await next(queue, lane)).toMatchObject({ lane, job });
    });

    it('answers null at once for an empty lane, also for one that nobody has used', async () => {
      const startedAt = performance.now();
      expect(await queue.dequeue(lane)).toBeNull();
      expect(await queue.dequeue(lane)).toBeNull();
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('keeps lanes apart', async () => {
      const [job, other] = [newJob(), newLane()];
      await queue.enqueue(lane, job);
      expect(await queue.dequeue(other)).toBeNull();
      expect((await next(queue, lane)).job).toEqual(job);
    });

    it('takes many at once, for several lanes, in order', async () => {
      const [jobs, others, otherLane] = [newJobs(10), newJobs(10), newLane()];
      await queue.enqueueMany([...inLane(lane, jobs), ...inLane(otherLane, others)]);
      expect(idsOf(await take(queue, lane, 10))).toEqual(idsOf(jobs));
      expect(idsOf(await take(queue, otherLane, 10))).toEqual(idsOf(others));
    });

    it('never gives one delivery to two consumers', async () => {
      const jobs = newJobs(60);
      await queue.enqueueMany(inLane(lane, jobs));
      const consumers = [queue, await open(harness.client())];
      const taken: QueueDelivery[] = [];
      const slot = async (consumer: ExecutionQueue): Promise<void> => {
        while (taken.length < jobs.length) {
          const delivery = await consumer.dequeue(lane);
          if (!delivery) continue;
          taken.push(delivery);
          await consumer.ack(delivery);
        }
      };
      await Promise.all(consumers.flatMap((consumer) => [slot(consumer), slot(consumer), slot(consumer)]));
      expect(idsOf(taken).sort()).toEqual(idsOf(jobs).sort());
      expect(await queue.dequeue(lane)).toBeNull();
    });

    it('brings a nacked job back, for anyone', async () => {
      const [job, other] = [newJob(), await open(harness.client())];
      await queue.enqueue(lane, job);
      for (let round = 0; round < 10; round += 1) await queue.nack(await next(queue, lane));
      const back = await next(other, lane);
      expect(back.job).toEqual(job);
      await other.ack(back);
      expect(await queue.dequeue(lane)).toBeNull();
    });

    it('gives back what was unsettled when it closes, and only that', async () => {
      if (!queue.crossProcess) return;
      const jobs = newJobs(2);
      const other = harness.client();
      await other.open();
      await queue.enqueueMany(inLane(lane, jobs));
      await other.ack(await next(other, lane));
      await next(other, lane);
      await other.close();
      expect((await next(queue, lane, backWithinMs)).job).toEqual(jobs[1]);
      expect(await queue.dequeue(lane)).toBeNull();
    });

    it('does not mind a delivery that is settled twice', async () => {
      const jobs = newJobs(2);
      await queue.enqueueMany(inLane(lane, jobs));
      const first = await next(queue, lane);
      await queue.ack(first);
      await queue.ack(first);
      expect((await next(queue, lane)).job).toEqual(jobs[1]);
    });

    it('takes a second ring for the same execution, before and after the first is acked', async () => {
      const [first, executionId] = [newJob(), newId('exec')];
      const rings = [1, 2, 3].map(() => ({ ...newJob(), executionId }));
      await queue.enqueue(lane, first);
      for (const ring of rings) await queue.enqueue(lane, ring);
      expect(idsOf(await take(queue, lane, 4))).toEqual(idsOf([first, ...rings]));
    });

    it('does not lose the ring when a job id comes a second time', async () => {
      const job = newJob();
      await queue.enqueue(lane, job);
      await queue.enqueue(lane, job);
      await queue.ack(await next(queue, lane));
      const twin = await queue.dequeue(lane);
      if (twin) await queue.ack(twin);
      expect(await queue.dequeue(lane)).toBeNull();
      await queue.enqueue(lane, job);
      expect((await next(queue, lane)).job).toEqual(job);
    });

    it('says truly whether it took a cancelled job out', async () => {
      const [job, after] = [newJob(), newJob()];
      await queue.enqueueMany(inLane(lane, [job, after]));
      const removed = await queue.cancel(lane, job.jobId);
      expect(await queue.cancel(lane, newId('job'))).toBe(false);
      expect((await next(queue, lane)).job).toEqual(removed ? after : job);
    });

    it('counts what waits, or says that it cannot', async () => {
      if ((await queue.depth(lane)) === null) return;
      await queue.enqueueMany(inLane(lane, newJobs(7)));
      await eventually(async () => (await queue.depth(lane)) === 7);
    });

    it('answers a ping', async () => {
      await expect(queue.ping()).resolves.toBeUndefined();
    });

    (mortalClient ? it : it.skip)(
      'brings back what a dead process had not acked, and nothing that it had',
      async () => {
        if (!mortalClient) return;
        const [acked, unacked] = [newJob(), newJob()];
        await queue.enqueueMany(inLane(lane, [acked, unacked]));
        const { client, kill } = await mortalClient();
        await client.open();
        const [first, second] = [await next(client, lane), await next(client, lane)];
        await client.ack(first);
        await eventually(async () => ((await queue.depth(lane)) ?? 0) === 0);
        await kill();
        const back = await next(queue, lane, backWithinMs);
        expect(back.job).toEqual(unacked);
        // What the dead one says late counts for nothing: the delivery now belongs to somebody else.
        await client.ack(second);
        await client.nack(second);
        await client.close();
        await queue.nack(back);
        expect((await next(queue, lane)).job).toEqual(unacked);
      },
      60_000,
    );

    (inject ? it : it.skip)('sets hostile messages aside and goes on with the next', async () => {
      if (!inject) return;
      const job = newJob();
      await queue.enqueue(lane, newJob());
      await queue.ack(await next(queue, lane));
      for (const payload of hostilePayloads()) await inject(lane, payload);
      await queue.enqueue(lane, job);
      const delivery = await next(queue, lane);
      expect(delivery.job).toEqual(job);
      await queue.ack(delivery);
      expect(await queue.dequeue(lane)).toBeNull();
    });

    (misconfigured ? it : it.skip)(
      'refuses to open with settings that no waiting will mend, and names them',
      async () => {
        for (const { client, names } of misconfigured?.() ?? []) {
          const error: unknown = await client.open().catch((reason: unknown) => reason);
          await client.close();
          expect(error).toBeInstanceOf(ConfigurationError);
          expect(String(error)).toMatch(names);
        }
      },
    );

    (broker ? it : it.skip)(
      'fails within seconds while the broker is away, and goes on by itself when it is back',
      async () => {
        const [before, after] = [newJob(), newJob()];
        await queue.enqueue(lane, before);
        await queue.ack(await next(queue, lane));
        await queue.enqueue(lane, before);
        await broker?.down();
        for (const verb of [() => queue.enqueue(lane, newJob()), () => queue.dequeue(lane), () => queue.ping()]) {
          const startedAt = performance.now();
          await expect(verb()).rejects.toThrow();
          expect(performance.now() - startedAt).toBeLessThan(WITHIN_SECONDS_MS);
        }
        await broker?.up();
        await eventually(() => queue.ping(), { timeoutMs: 30_000 });
        await eventually(() => queue.enqueue(lane, after), { timeoutMs: 30_000 });
        const [first, second] = [await next(queue, lane, 30_000), broker?.durable ? await next(queue, lane) : null];
        expect(idsOf(second ? [first, second] : [first])).toEqual(idsOf(broker?.durable ? [before, after] : [after]));
      },
      120_000,
    );

    (broker ? it : it.skip)(
      'refuses to open while the broker is away, and opens when it is back',
      async () => {
        await broker?.down();
        const late = harness.client();
        const error: unknown = await late.open().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(Error);
        expect(error).not.toBeInstanceOf(ConfigurationError);
        await broker?.up();
        await eventually(() => late.open(), { timeoutMs: 30_000 });
        opened.push(late);
        await late.enqueue(lane, newJob());
      },
      120_000,
    );
  });
}

function hostilePayloads(): string[] {
  const job = newJob();
  return [
    '{"v":1,"jobId":',
    'null',
    '[]',
    '""',
    JSON.stringify({ ...job, v: 2 }),
    JSON.stringify({ ...job, jobId: '../../etc/passwd' }),
    JSON.stringify({ v: 1, jobId: job.jobId }),
    JSON.stringify({ ...job, executionId: 'x'.repeat(1_048_576) }),
    '\u0000\uFFFD',
  ];
}
