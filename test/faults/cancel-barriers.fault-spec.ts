import type { GatewayProcess } from '../support/gateway-process';
import { describeFault } from './support/describe-fault';
import type { FaultWorld, Op } from './support/fault-world';
import { Stops } from './support/stops';

const STEP: Op = { op: 'step', key: 'step', effects: 'idempotent' };
/** Its effect does not answer: before the cancel comes, which goes by way of the broker, it cannot end. */
const HELD: Op = { op: 'step', key: 'held', effects: 'idempotent' };
const FAIL: Op = { op: 'fail' };
const FAIL_FOR_GOOD: Op = { op: 'fail', kind: 'permanent' };

async function cancel(world: FaultWorld, id: string): Promise<void> {
  expect((await world.api.post(`/v1/executions/${id}/cancel`, {})).ok).toBe(true);
}

/** Once it runs no more. It is then over: a cancel was asked, so it must not wait for anything. */
function statusAfter(world: FaultWorld, id: string): Promise<string> {
  return world.eventually(async () => {
    const { status } = await world.api.execution(id);
    return status !== 'running' && status;
  });
}

/** An execution that stands where it stands is cancelled; what becomes of it, by the name of the barrier. */
async function cancelled(world: FaultWorld, barrier: string, id: string): Promise<string> {
  await cancel(world, id);
  return `${barrier}: ${await statusAfter(world, id)}`;
}

/** No worker is there. */
async function beforeAnyClaim(world: FaultWorld): Promise<void> {
  const later = await world.work([], { delay_s: 3600 });
  expect(await cancelled(world, 'for later', later)).toBe('for later: cancelled');
  const rung = await world.work([]);
  expect(await cancelled(world, 'its ring in the broker', rung)).toBe('its ring in the broker: cancelled');
  const asked = await world.work([]);
  await Promise.all([1, 2, 3, 4, 5].map(() => cancel(world, asked)));
  expect(await cancelled(world, 'asked at once', asked)).toBe('asked at once: cancelled');
}

/** One execution after the other in a worker that stops itself between any two things that it does. */
async function atFailpoints(world: FaultWorld): Promise<void> {
  const stop = { do: 'stop', nth: 'each' } as const;
  const worker = await world.startWorker({
    at: {
      'worker.claimed': stop,
      'step.started': stop,
      'step.effect': stop,
      'step.recorded': stop,
      'worker.ending': stop,
    },
  });
  const stops = new Stops(worker);
  world.ledger.hold('held');
  const barriers = [
    ['worker.claimed', HELD, /cancelled/],
    ['step.started', HELD, /cancelled/],
    // Whether the cancel or the end is the first to be seen is chance; it is one of them.
    ['step.effect', STEP, /cancelled|completed/],
    ['step.recorded', STEP, /cancelled|completed/],
    // A result that was there before the cancel beats it; nothing else does.
    ['worker.ending', STEP, /completed/],
    ['worker.ending', FAIL_FOR_GOOD, /failed/],
    ['worker.ending', FAIL, /cancelled/],
  ] as const;
  for (const [point, op, ends] of barriers) {
    const id = await world.work([op]);
    await stops.leadTo(point);
    await cancel(world, id);
    expect(`${point}, ${op.op}: ${await stops.goOnUntil(statusAfter(world, id))}`).toMatch(ends);
  }
  await worker.signal('SIGKILL');
}

/** All at once in one worker, each told where it stands by what it has done to the outside world. */
async function inTheMiddle(world: FaultWorld): Promise<void> {
  const worker = await world.startWorker();
  for (const name of ['effect', 'parcel', 'again']) world.ledger.hold(name);
  const at = async (barrier: string, name: string, ops: Op[]) => {
    const id = await world.work(ops);
    await world.ledger.happened(name);
    return cancelled(world, barrier, id);
  };
  const after = async (status: string, ops: Op[]) => {
    const id = await world.work(ops);
    expect(await world.end(id)).toMatchObject({ status });
    return cancelled(world, `after ${status}`, id);
  };
  const reached = (name: string): Op => ({ op: 'effect', name });
  const seen = await Promise.all([
    at('in an effect', 'effect', [reached('effect')]),
    at('in a step', 'parcel', [{ op: 'step', key: 'parcel', effects: 'at_most_once' }]),
    at('asleep', 'asleep', [reached('asleep'), { op: 'sleep', ms: 600_000 }]),
    at('deaf', 'deaf', [reached('deaf'), { op: 'deaf', ms: 600_000 }]),
    at('in the second attempt', 'again', [{ op: 'fail', times: 1, retryAfterMs: 0 }, reached('again')]),
    betweenAttempts(world),
    after('completed', []),
    after('failed', [FAIL_FOR_GOOD]),
    talking(world),
  ]);
  expect(seen.sort()).toEqual([
    'after completed: completed',
    'after failed: failed',
    'asleep: cancelled',
    'between attempts: cancelled',
    'deaf: cancelled',
    'in a step: cancelled',
    'in an effect: cancelled',
    'in the second attempt: cancelled',
    expect.stringMatching(/^talking: (cancelled|completed)$/),
  ]);
  await duringDrain(world, worker);
}

async function betweenAttempts(world: FaultWorld): Promise<string> {
  const id = await world.work([{ op: 'fail', retryAfterMs: 600_000 }]);
  await world.eventually(async () => {
    const { status, attempt } = await world.api.execution(id);
    return status === 'queued' && attempt === 1;
  });
  return cancelled(world, 'between attempts', id);
}

async function talking(world: FaultWorld): Promise<string> {
  const id = await world.work([
    { op: 'effect', name: 'talks' },
    { op: 'say', times: 200 },
  ]);
  await world.ledger.happened('talks');
  return cancelled(world, 'talking', id);
}

async function duringDrain(world: FaultWorld, worker: GatewayProcess): Promise<void> {
  world.ledger.hold('draining');
  const id = await world.work([{ op: 'effect', name: 'draining' }]);
  await world.ledger.happened('draining');
  worker.send('SIGTERM');
  await worker.until(() => worker.log.includes('draining'));
  expect(await cancelled(world, 'during a drain', id)).toBe('during a drain: cancelled');
  await worker.death();
}

describeFault({
  id: 'F37',
  title: 'a cancel at each of twenty barriers; the execution ends, once, and never goes back to the queue',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: {
    LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '60',
    LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '60',
    LONGHAUL_QUEUE__WORKERS: '20',
  },
  async run(world) {
    await world.startApi();
    await beforeAnyClaim(world);
    await atFailpoints(world);
    await inTheMiddle(world);
  },
  red: [{ without: 'cancel-beats-retry', on: 'redis/postgres', seen: /I8 queued with a cancel pending/ }],
});

describeFault({
  id: 'F37',
  title: 'a cancel while the worker is frozen in a run, frozen before the end of one, or dead; the sweeper ends it',
  on: ['redis/postgres'],
  alsoOn: ['redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  // Lost by who is frozen, and not by who stands still for a moment.
  env: { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '5' },
  async run(world) {
    const frozen = await world.start({ at: { 'worker.ending': { do: 'stop' } } });
    world.ledger.hold('held');
    const ids = [await world.work([{ op: 'effect', name: 'held' }])];
    await world.ledger.happened('held');
    ids.push(await world.work([]));
    await frozen.frozen();
    for (const id of ids) await cancel(world, id);
    const other = await world.startWorker();
    for (const id of ids) expect(await statusAfter(world, id)).toBe('cancelled');
    ids.push(await world.work([{ op: 'effect', name: 'held' }]));
    await world.ledger.happened('held', 2);
    await other.signal('SIGKILL');
    await cancel(world, ids[2] ?? '');
    frozen.send('SIGCONT');
    expect(await statusAfter(world, ids[2] ?? '')).toBe('cancelled');
    await world.eventually(() => /the end of run \S+ was refused/.test(frozen.log));
    expect((await world.ended(ids)).map((execution) => execution.status)).toEqual(ids.map(() => 'cancelled'));
  },
});
