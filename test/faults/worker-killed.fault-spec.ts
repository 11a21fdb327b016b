import { newId } from '@longhaul/kernel';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';
import { STEADY } from './support/backlog';

const outcomes = async (world: FaultWorld, id: string) => (await world.api.runs(id)).map((run) => run.outcome);

describeFault({
  id: 'F1',
  title: 'a worker is killed right after its claim; another one runs the execution, at no cost to its attempts',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const victim = await world.start({ at: { 'worker.claimed': { do: 'kill' } } });
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    await victim.death();
    await world.startWorker();
    expect(await world.end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(world.ledger.of(id)).toHaveLength(1);
    expect(await outcomes(world, id)).toEqual(['lost', 'completed']);
  },
  red: [{ without: 'sweeper', on: 'memory/sqlite', seen: /not terminal: \S+ running/ }],
});

describeFault({
  id: 'F1',
  title: 'a worker is killed between its claim and its ack; the broker rings again, which gives nobody a second claim',
  on: ['rabbitmq/sqlite'],
  alsoOn: ['rabbitmq/postgres'],
  // Only silence ends the lease, and late: the ring comes while the dead one's claim still stands.
  env: { LONGHAUL_WORKER__DEATH_CERTIFICATES: 'false', LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '4' },
  async run(world) {
    const victim = await world.start({ at: { 'worker.claimed': { do: 'kill' } } });
    const other = await world.startFrozenWorker();
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    await victim.death();
    other.send('SIGCONT');
    expect(await world.end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect((await outcomes(world, id)).join()).toMatch(/^(lost,)+completed$/);
  },
});

describeFault({
  id: 'F1',
  title: 'a worker is killed in a turn of a conversation; the next turns, rung long ago, still wait for it',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const victim = await world.start();
    const conversation = newId('conv');
    world.ledger.hold('first');
    const ids = [await world.turn(conversation, [{ op: 'effect', name: 'first' }])];
    await world.ledger.happened('first');
    for (const name of ['second', 'third']) ids.push(await world.turn(conversation, [{ op: 'effect', name }]));
    await victim.signal('SIGKILL');
    await world.startWorker();
    await world.ledger.happened('first', 2);
    world.ledger.release('first');
    for (const turn of await world.ended(ids)) expect(turn).toMatchObject({ status: 'completed', attempt: 1 });
    expect([...new Set(world.ledger.effects.map((effect) => effect.name))]).toEqual(['first', 'second', 'third']);
  },
  red: [{ without: 'claim-condition', on: 'memory/sqlite', seen: /a turn that ran before an earlier one/ }],
});

describeFault({
  id: 'F2',
  title: 'a worker is killed after effects and before their results are stored; each happens again as it was declared',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const all = ['repeatable', 'idempotent', 'at_most_once'] as const;
    // Each execution passes this point with its first step, which is recorded.
    const victim = await world.start({ at: { 'step.effect': { do: 'kill', nth: all.length + 1 } } });
    for (const name of all) world.ledger.hold(name);
    const ids = await Promise.all(
      all.map((effects) =>
        world.work([
          { op: 'step', key: 'first', name: `before ${effects}` },
          { op: 'step', key: 'second', name: effects, effects },
        ]),
      ),
    );
    await Promise.all(all.map((name) => world.ledger.happened(name)));
    world.ledger.release('at_most_once');
    await victim.death();
    for (const name of all) world.ledger.release(name);
    await world.startWorker();
    const [again, sameKey, once] = await world.ended(ids);
    expect([again?.status, sameKey?.status, once?.status]).toEqual(['completed', 'completed', 'failed']);
    expect(once?.error?.code).toBe('effect_unknown');
    for (const name of all) expect(world.ledger.named(`before ${name}`)).toHaveLength(1);
    expect(world.ledger.named('at_most_once')).toHaveLength(1);
    expect(world.ledger.named('repeatable').length).toBeGreaterThan(1);
    const keys = world.ledger.named('idempotent').map((effect) => effect.idempotencyKey);
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
  },
});

describeFault({
  id: 'F3',
  title: 'a worker is killed after the results of its steps are stored and before its end; no step is done again',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const victim = await world.start({ at: { 'worker.ending': { do: 'kill' } } });
    const id = await world.work([
      { op: 'step', key: 'a', effects: 'repeatable' },
      { op: 'step', key: 'b', effects: 'idempotent' },
      { op: 'step', key: 'c', effects: 'at_most_once' },
    ]);
    await victim.death();
    await world.startWorker();
    const execution = await world.end(id);
    const by = (await world.api.runs(id))[0]?.run_id;
    expect(execution).toMatchObject({ status: 'completed', attempt: 1, output: { results: [{ by }, { by }, { by }] } });
    expect(execution.output).not.toMatchObject({ runId: by });
    expect(world.ledger.of(id).map((effect) => effect.stepKey)).toEqual(['a', 'b', 'c']);
  },
});
