import { Client } from 'pg';
import { startPostgres } from '../support/servers';
import { STEADY } from './support/backlog';
import { Crowd } from './support/crowd';
import { describeFault } from './support/describe-fault';
import type { FaultWorld, Op } from './support/fault-world';

const SERVED = [202, 503];

/** A submission of its own, once, with this key: its status and its execution. */
async function submit(world: FaultWorld, key: string, ops: Op[]) {
  const response = await world.api.post('/v1/agents/work/invoke', { input: { do: ops } }, { 'idempotency-key': key });
  const body = (await response.json()) as { execution_id?: string; code?: string };
  const { execution_id: id = '', code } = body;
  return { status: response.status, id, code, replayed: response.headers.get('idempotency-replayed') };
}

/** The server's word for a transaction that is committed; the proxy loses it, with all that comes by the same piece. */
const COMMITTED = 'COMMIT\0';

/** The next transaction in which `asked` goes to the server is committed there, and nobody hears of it. */
function loseCommitOf(world: FaultWorld, asked: string): { happened(): Promise<unknown> } {
  const proxy = world.proxies.postgres;
  if (!proxy) throw new Error('there is no PostgreSQL in this world');
  const before = proxy.lost;
  proxy.set({ kind: 'lose', asked, answer: COMMITTED });
  return { happened: () => world.eventually(() => proxy.lost > before) };
}

describeFault({
  id: 'F23',
  title: 'PostgreSQL is killed and restarted, three times, while clients submit and executions run',
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres', 'rabbitmq/postgres'],
  own: ['postgres'],
  async run(world, { postgres }) {
    await world.start();
    const crowd = new Crowd(world, 4, [
      { op: 'effect', name: 'done' },
      { op: 'sleep', ms: 100 },
      { op: 'say', text: 'half' },
    ]);
    for (let time = 0; time < 3; time += 1) {
      await crowd.acceptedMore(10);
      await postgres.kill();
      await crowd.answered(503);
      await postgres.restart();
    }
    await crowd.acceptedMore(10);
    await crowd.leave();
    expect([...crowd.answers.keys()].filter((status) => !SERVED.includes(status))).toEqual([]);
    await crowd.expectEachOnce();
  },
});

describeFault({
  id: 'F24',
  title: 'PostgreSQL is slow, then slower than the lease is long: nothing is lost, and nothing runs twice at once',
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres', 'rabbitmq/postgres'],
  env: { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '3' },
  async run(world) {
    const worker = await world.start();
    world.proxies.postgres?.set({ kind: 'delay', ms: 50 });
    const crowd = new Crowd(world, 4, [
      { op: 'sleep', ms: 200 },
      { op: 'say', times: 3 },
    ]);
    await crowd.acceptedMore(8);
    world.proxies.postgres?.set({ kind: 'delay', ms: 2_000 });
    await worker.until(() => worker.log.includes('could not be renewed in time'));
    await crowd.acceptedMore(4);
    world.proxies.postgres?.set({ kind: 'pass' });
    await crowd.leave();
    await crowd.expectEachOnce();
  },
});

describeFault({
  id: 'F25',
  title: 'two connections for 200 submissions at once: all are accepted, and all end',
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres'],
  env: { LONGHAUL_PERSISTENCE__POOL_SIZE: '2' },
  async run(world) {
    await world.start();
    const ids = await Promise.all(Array.from({ length: 200 }, () => world.work([{ op: 'say' }])));
    const executions = await world.ended(ids);
    expect(executions.filter(({ status, attempt }) => status !== 'completed' || attempt !== 1)).toEqual([]);
  },
});

const MAX_CONNECTIONS = 24;

describeFault({
  id: 'F25',
  title: "a stranger takes all of PostgreSQL's connections: 503 and no 202 until he leaves",
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres', 'rabbitmq/postgres'],
  own: { postgres: () => startPostgres({ args: ['-c', `max_connections=${MAX_CONNECTIONS}`] }) },
  env: { LONGHAUL_PERSISTENCE__POOL_SIZE: '3' },
  async run(world, { postgres }) {
    await world.start();
    const before = await world.work([{ op: 'sleep', ms: 1_000 }]);
    const leave = await takeAllConnections(world, postgres.url);
    const refused = await submit(world, 'once', [{ op: 'say' }]);
    expect(refused).toMatchObject({ status: 503, code: 'unavailable' });
    expect((await fetch(`${world.fleet.url}/health/ready`)).status).toBe(503);
    await leave();
    const accepted = await world.eventually(async () => {
      const answer = await submit(world, 'once', [{ op: 'say' }]);
      return answer.status === 202 && answer;
    });
    const executions = await world.ended([before, accepted.id]);
    expect(executions.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(await world.api.executions()).toHaveLength(2);
  },
});

/** Cuts the gateway's connections and takes their places before it can, until the server lets nobody in any more. */
async function takeAllConnections(world: FaultWorld, url: string): Promise<() => Promise<unknown>> {
  const taken: Client[] = [];
  world.proxies.postgres?.set({ kind: 'reset' });
  await world.eventually(async () => {
    for (;;) {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      const error = await client.connect().then(
        () => null,
        (reason: Error) => reason,
      );
      if (error) return /too many clients|reserved/.test(error.message) && taken.length >= MAX_CONNECTIONS;
      taken.push(client);
    }
  });
  world.proxies.postgres?.set({ kind: 'pass' });
  return () => Promise.all(taken.map((client) => client.end()));
}

describeFault({
  id: 'F26',
  title: 'the answer to the COMMIT of a submission is lost: no 202, and the same key finds the one execution',
  on: ['redis/postgres', 'memory/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  env: STEADY,
  async run(world) {
    await world.start();
    const ops: Op[] = [{ op: 'effect', name: 'marked' }];
    const loss = loseCommitOf(world, 'marked');
    expect(await submit(world, 'once', ops)).toMatchObject({ status: 503, code: 'unavailable' });
    await loss.happened();
    const again = await submit(world, 'once', ops);
    expect(again.replayed).toBe('true');
    const [execution] = await world.ended([again.id]);
    expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
    expect(await world.api.executions()).toHaveLength(1);
    expect(world.ledger.named('marked')).toHaveLength(1);
  },
});

describeFault({
  id: 'F26',
  title: 'the answer to the COMMIT of a claim is lost: the worker gives back what it holds unknowingly, and runs it',
  on: ['redis/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  env: STEADY,
  async run(world) {
    await world.startApi();
    const id = await world.work([{ op: 'effect', name: 'done' }]);
    const loss = loseCommitOf(world, id);
    const worker = await world.startWorker();
    await loss.happened();
    expect(await world.ended([id])).toMatchObject([{ status: 'completed', attempt: 1 }]);
    expect((await world.api.runs(id)).map((run) => run.outcome)).toEqual(['released', 'completed']);
    expect(world.ledger.of(id)).toHaveLength(1);
    await worker.until(() => worker.log.includes('was claimed by this worker and forgotten'));
  },
});

describeFault({
  id: 'F26',
  title: 'the answer to the COMMIT of an end is lost: it is written once, although the worker writes it again',
  on: ['redis/postgres', 'memory/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  env: STEADY,
  async run(world) {
    const worker = await world.start();
    world.ledger.hold('go');
    const id = await world.work([{ op: 'effect', name: 'go' }]);
    await world.ledger.happened('go');
    // The key of the output of the suite's agent.
    const loss = loseCommitOf(world, 'results');
    world.ledger.release('go');
    await loss.happened();
    expect(await world.ended([id])).toMatchObject([{ status: 'completed', attempt: 1 }]);
    await worker.until(() => worker.log.includes('was refused: written already'));
    expect(await world.api.runs(id)).toHaveLength(1);
    expect(world.ledger.of(id)).toHaveLength(1);
  },
});

describeFault({
  id: 'F26',
  title: 'the answer to the COMMIT of an event is lost: the run is tried anew, and the log has no gap',
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres', 'rabbitmq/postgres'],
  env: STEADY,
  async run(world) {
    await world.start();
    world.ledger.hold('go');
    const id = await world.work([
      { op: 'effect', name: 'go' },
      { op: 'say', text: 'marked' },
    ]);
    await world.ledger.happened('go');
    const loss = loseCommitOf(world, 'marked');
    world.ledger.release('go');
    await loss.happened();
    expect(await world.ended([id])).toMatchObject([{ status: 'completed', attempt: 2 }]);
    const runs = await world.api.runs(id);
    expect(runs.map((run) => run.outcome)).toEqual(['retrying', 'completed']);
  },
});

/** Somebody else in the same database: what he does in a transaction of his own holds until he ends it. */
async function stranger(world: FaultWorld, ...statements: string[]): Promise<{ leave(): Promise<void> }> {
  const client = new Client({ connectionString: world.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  const begin = ["SET lock_timeout = '10s'", 'BEGIN ISOLATION LEVEL REPEATABLE READ'];
  for (const sql of [...begin, ...statements]) await client.query(sql);
  return {
    async leave() {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

/** Until some statement of the gateway waits for a lock. */
async function blocked(world: FaultWorld): Promise<void> {
  const database = await world.database();
  const waiting = `SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE 'longhaul%'`;
  await world.eventually(async () => (await database.read(waiting)).length > 0);
}

describeFault({
  id: 'F27',
  title: 'long transactions of a stranger lock what runs, and then all: everything waits, and ends once',
  on: ['redis/postgres'],
  alsoOn: ['memory/postgres', 'rabbitmq/postgres'],
  async run(world) {
    const worker = await world.start();
    const old = await stranger(world, 'SELECT count(*) FROM runs');
    world.ledger.hold('go');
    const first = await world.work([{ op: 'effect', name: 'go' }]);
    await world.ledger.happened('go');
    const row = await stranger(world, `SELECT 1 FROM executions WHERE id = '${first}' FOR UPDATE`);
    world.ledger.release('go');
    await blocked(world);
    const second = await world.work([{ op: 'effect', name: 'done' }]);
    await world.ledger.happened('done');
    expect(await world.api.execution(first)).toMatchObject({ status: 'running' });
    await row.leave();
    expect(await world.ended([first, second])).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);

    const all = await stranger(world, 'LOCK TABLE executions IN ACCESS EXCLUSIVE MODE');
    const third = submit(world, 'once', [{ op: 'effect', name: 'done' }]);
    await worker.until(() => worker.log.includes('could not be renewed in time'));
    await all.leave();
    const { id } = await world.eventually(async () => {
      const answer = await third.then((given) => (given.id === '' ? submit(world, 'once', []) : given));
      return answer.id !== '' && answer;
    });
    await world.ended([id]);
    await old.leave();
    expect(await world.api.executions()).toHaveLength(3);
  },
});

describeFault({
  id: 'F27',
  title: 'a stranger locks the table for longer than a statement may take: 503, and the same key is accepted later',
  on: [],
  alsoOn: ['redis/postgres', 'memory/postgres'],
  async run(world) {
    await world.start();
    const ops: Op[] = [{ op: 'effect', name: 'done' }];
    const keys = await stranger(world, 'LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE');
    expect(await submit(world, 'once', ops)).toMatchObject({ status: 503, code: 'unavailable' });
    await keys.leave();
    const { status, id } = await submit(world, 'once', ops);
    expect(status).toBe(202);
    expect(await world.ended([id])).toMatchObject([{ status: 'completed', attempt: 1 }]);
    expect(await world.api.executions()).toHaveLength(1);
  },
});

describeFault({
  id: 'F24',
  title: 'PostgreSQL stops answering without a word: it is given up, and afterwards all end once',
  on: [],
  alsoOn: ['redis/postgres', 'memory/postgres', 'rabbitmq/postgres'],
  async run(world) {
    const worker = await world.start();
    world.ledger.hold('go');
    const running = await world.work([{ op: 'effect', name: 'go' }]);
    await world.ledger.happened('go');
    world.proxies.postgres?.set({ kind: 'blackhole' });
    const ops: Op[] = [{ op: 'effect', name: 'done' }];
    expect(await submit(world, 'once', ops)).toMatchObject({ status: 503, code: 'unavailable' });
    await worker.until(() => worker.log.includes('could not be renewed in time'));
    expect((await fetch(`${world.fleet.url}/health/ready`)).status).toBe(503);
    world.proxies.postgres?.set({ kind: 'pass' });
    world.ledger.release('go');
    const { id } = await world.eventually(async () => {
      const answer = await submit(world, 'once', ops);
      return answer.id !== '' && answer;
    });
    const [first, second] = await world.ended([running, id]);
    expect([first?.status, second?.status]).toEqual(['completed', 'completed']);
    expect((await world.api.runs(running)).map((run) => run.outcome)).toEqual(['lost', 'completed']);
    expect(world.ledger.of(id)).toHaveLength(1);
    expect(await world.api.executions()).toHaveLength(2);
  },
});
