import { newId, type Priority } from '@longhaul/kernel';
import { eventually } from '../../../../test/support/eventually';
import { laneOf } from '../lane';
import { MemoryHintBus, MemoryQueue } from '../providers/memory';
import type { QueueJob } from '../queue-job';
import type { JobControl, JobOutcome } from './job-handler';
import { LaneScheduler, type LaneSchedulerOptions } from './lane-scheduler';
import { type LostRing, LostRings } from './lost-rings';

/** A broker that counts what was taken and never settled. */
class CountingQueue extends MemoryQueue {
  held = 0;
  failures = 0;

  override async dequeue(lane: string) {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the broker is away');
    }
    const delivery = await super.dequeue(lane);
    if (delivery) this.held += 1;
    return delivery;
  }

  override ack() {
    this.held -= 1;
    return super.ack();
  }

  override nack(...args: Parameters<MemoryQueue['nack']>) {
    this.held -= 1;
    return super.nack(...args);
  }
}

class GivenRings extends LostRings {
  rings: LostRing[] = [];
  looks = 0;

  find(queues: string[], limit: number): Promise<LostRing[]> {
    this.looks += 1;
    return Promise.resolve(this.rings.filter((ring) => queues.includes(ring.queue)).splice(0, limit));
  }
}

interface Run {
  job: QueueJob;
  solo: boolean;
  end(outcome?: JobOutcome): void;
}

describe('LaneScheduler', () => {
  let queue: CountingQueue;
  let hints: MemoryHintBus;
  let lost: GivenRings;
  let scheduler: LaneScheduler;
  let running: Run[];
  let begun: string[];

  function start(options: Partial<LaneSchedulerOptions> & { queues: Map<string, number> }): void {
    scheduler = new LaneScheduler(queue, hints, lost, { slots: 100, lostRingSlots: 100, idleMs: 30, ...options });
    scheduler.start((job: QueueJob, control: JobControl) => {
      begun.push(job.executionId);
      return new Promise((resolve) => {
        const run: Run = {
          job,
          solo: control.solo,
          end: (outcome = 'done') => {
            running.splice(running.indexOf(run), 1);
            if (outcome === 'undecided') resolve(outcome);
            else void control.ack().then(() => resolve(outcome));
          },
        };
        running.push(run);
      });
    });
  }

  async function ring(name: string, priority: Priority = 'default', count = 1): Promise<string[]> {
    const lane = laneOf(name, priority);
    const jobs = Array.from({ length: count }, () => ({
      v: 1 as const,
      jobId: newId('job'),
      executionId: newId('exec'),
    }));
    for (const job of jobs) await queue.enqueue(lane, job);
    hints.publish({ kind: 'lane', lane });
    return jobs.map((job) => job.executionId);
  }

  beforeEach(() => {
    queue = new CountingQueue();
    hints = new MemoryHintBus();
    lost = new GivenRings();
    running = [];
    begun = [];
  });
  afterEach(() => scheduler.stop());

  it('runs as many at once as it has slots, and holds no message beyond them', async () => {
    start({ queues: new Map([['default', 100]]), slots: 3 });
    await ring('default', 'default', 10);
    await eventually(() => running.length === 3);
    expect(await queue.depth('default.default')).toBe(7);
    expect(queue.held).toBe(3);
    while (begun.length < 10) {
      running[0]?.end();
      await eventually(() => running.length === Math.min(3, 10 - begun.length + running.length));
    }
    while (running.length > 0) running[0]?.end();
    await scheduler.idle();
    expect(new Set(begun).size).toBe(10);
    expect(queue.held).toBe(0);
  });

  it('gives each queue its own slots', async () => {
    start({
      queues: new Map([
        ['research', 2],
        ['scraper', 5],
      ]),
      slots: 7,
    });
    await ring('research', 'default', 10);
    await ring('scraper', 'default', 10);
    await eventually(() => running.length === 7);
    expect(await queue.depth('research.default')).toBe(8);
    expect(await queue.depth('scraper.default')).toBe(5);
  });

  it('takes high, default and low at 6:3:1 while all have work', async () => {
    const of = new Map<string, string>();
    for (const priority of ['high', 'default', 'low'] as const) {
      for (const id of await ring('default', priority, 100)) of.set(id, priority);
    }
    start({ queues: new Map([['default', 1]]), slots: 1 });
    for (let n = 1; n <= 100; n += 1) {
      await eventually(() => begun.length === n);
      running[0]?.end();
    }
    const share = (priority: string) => begun.slice(0, 100).filter((id) => of.get(id) === priority).length;
    expect([share('high'), share('default'), share('low')]).toEqual([60, 30, 10]);
  });

  it('gives all turns to low when nothing else waits', async () => {
    start({ queues: new Map([['default', 4]]), slots: 4 });
    await ring('default', 'low', 4);
    await eventually(() => running.length === 4);
  });

  it('finds work without a hint, within about a second', async () => {
    start({ queues: new Map([['default', 1]]) });
    await eventually(() => scheduler.active === 0);
    await queue.enqueue('default.default', { v: 1, jobId: newId('job'), executionId: newId('exec') });
    await eventually(() => running.length === 1);
  });

  it('gives a job back when nothing could be decided about it, and goes on when it can', async () => {
    start({ queues: new Map([['default', 1]]), slots: 1 });
    const [id] = await ring('default');
    await eventually(() => running.length === 1);
    running[0]?.end('undecided');
    await eventually(() => running.length === 1);
    running[0]?.end();
    await scheduler.idle();
    expect(begun).toEqual([id, id]);
    expect(queue.held).toBe(0);
  });

  it('lives through a broker that is away', async () => {
    queue.failures = 5;
    start({ queues: new Map([['default', 2]]), slots: 2 });
    await ring('default');
    await eventually(() => running.length === 1);
  });

  it('runs what has lost its ring when there is nothing else to do', async () => {
    const job: QueueJob = { v: 1, jobId: newId('job'), executionId: newId('exec') };
    lost.rings = [{ queue: 'default', job, solo: false }];
    start({ queues: new Map([['default', 2]]), slots: 2 });
    await eventually(() => begun.includes(job.executionId));
    lost.rings = [];
  });

  it('runs what has lost its ring although the broker, which swallows everything, would have each slot wait', async () => {
    const job: QueueJob = { v: 1, jobId: newId('job'), executionId: newId('exec') };
    queue.dequeue = () => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('no answer')), 700));
    lost.rings = [{ queue: 'default', job, solo: false }];
    start({ queues: new Map([['default', 1]]), slots: 1, idleMs: 1_000 });
    await eventually(() => begun.length === 1);
    running[0]?.end();
    await eventually(() => begun.length === 2);
    lost.rings = [];
  });

  it('looks for no more lost rings than it has slots', async () => {
    lost.rings = Array.from({ length: 20 }, () => ({
      queue: 'default',
      job: { v: 1, jobId: newId('job'), executionId: newId('exec') },
      solo: false,
    }));
    start({ queues: new Map([['default', 100]]), slots: Number.POSITIVE_INFINITY, lostRingSlots: 4 });
    await eventually(() => running.length === 4);
    running[0]?.end();
    await eventually(() => begun.length === 5);
    expect(running).toHaveLength(4);
    lost.rings = [];
  });

  it('runs a suspect when nothing else runs, and takes nothing until it has ended', async () => {
    const job: QueueJob = { v: 1, jobId: newId('job'), executionId: newId('exec') };
    start({ queues: new Map([['default', 2]]), slots: 2 });
    await ring('default');
    await eventually(() => running.length === 1);
    lost.rings = [{ queue: 'default', job, solo: true }];
    const looks = lost.looks;
    await eventually(() => lost.looks > looks + 2);
    expect(running).toHaveLength(1);
    running[0]?.end();
    await eventually(() => running[0]?.solo === true);
    lost.rings = [];
    await ring('default', 'default', 3);
    expect(running).toHaveLength(1);
    expect(await queue.depth('default.default')).toBe(3);
    running[0]?.end();
    await eventually(() => running.length === 2);
  });

  it('goes on when a job can be neither handled nor given back', async () => {
    start({ queues: new Map([['default', 1]]), slots: 1 });
    queue.nack = () => Promise.reject(new Error('the broker is away'));
    await ring('default', 'default', 2);
    await eventually(() => running.length === 1);
    running[0]?.end('undecided');
    await eventually(() => running.length === 1);
    running[0]?.end();
    await scheduler.idle();
    expect(begun).toHaveLength(2);
  });

  it('does not spin while one queue is full and another has nothing', async () => {
    start({
      queues: new Map([
        ['full', 1],
        ['empty', 1],
      ]),
      slots: 2,
    });
    await ring('full', 'default', 5);
    await eventually(() => running.length === 1);
    const dequeue = jest.spyOn(queue, 'dequeue');
    const timers = jest.spyOn(global, 'setTimeout');
    const looks = lost.looks;
    await eventually(() => lost.looks > looks + 2);
    // Each look for lost rings is one turn; a lane that nothing can be taken from adds none.
    expect(timers.mock.calls.length).toBeLessThan(40);
    expect(dequeue.mock.calls.every(([lane]) => lane.startsWith('empty.'))).toBe(true);
    timers.mockRestore();
  });

  it('takes nothing after stop, and gives back what is handed out too late', async () => {
    start({ queues: new Map([['default', 2]]), slots: 2 });
    await ring('default');
    await eventually(() => running.length === 1);
    scheduler.stop();
    await ring('default', 'default', 5);
    expect(running).toHaveLength(1);
    running[0]?.end();
    await scheduler.idle();
    expect(await queue.depth('default.default')).toBe(5);
    expect(queue.held).toBe(0);
  });
});
