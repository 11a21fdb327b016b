import type { Database, Row } from '@longhaul/database';
import type { Delivery, DeliveryOrder, Subject, TryOutcome } from '@longhaul/delivery';
import { Invariants } from '@longhaul/executions/testing';
import { LonghaulError } from '@longhaul/kernel';
import { DeliveryOrders } from '../../../libs/delivery/src/delivery-orders';
import { claimDeliveries, findDueDeliveries } from '../../../libs/delivery/src/statements/claim-deliveries';
import { endTries } from '../../../libs/delivery/src/statements/end-tries';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { empty } from '../executions/fixtures';
import { DeliveryProcess, OPTIONS } from './delivery-fixture';

type Send = (delivery: Delivery, execution: Subject, signal: AbortSignal) => Promise<TryOutcome>;

const DELIVERED: TryOutcome = { kind: 'delivered', status: 200 };
const FAILED: TryOutcome = { kind: 'failed', error: 'HTTP 500', retryable: true, status: 500 };
const TO_A: DeliveryOrder = { event: 'execution.completed', channel: 'test', target: 'a' };

describeOnDatabases('Deliveries', (get) => {
  let database: Database;
  const processes: DeliveryProcess[] = [];

  beforeEach(async () => {
    ({ database } = get());
    await empty(database, 'deliveries', 'delivery_tries');
  });
  afterEach(async () => {
    for (const one of processes.splice(0)) await one.stop();
    expect(await new Invariants(database).violations()).toEqual([]);
  });

  function start(options = {}, orders: DeliveryOrder[] = [TO_A]): DeliveryProcess {
    const made = new DeliveryProcess(get(), options);
    made.withRules(({ transition }) => (transition === 'complete' ? orders : []));
    processes.push(made);
    return made;
  }

  function sending(send: Send, options = {}, orders?: DeliveryOrder[]): DeliveryProcess {
    const made = start(options, orders);
    made.channels.register({ name: 'test', send });
    made.sender.start();
    return made;
  }

  const rows = () => database.read('SELECT * FROM deliveries ORDER BY id');
  const triesOf = (row: Row | undefined) =>
    database.read('SELECT * FROM delivery_tries WHERE delivery_id = $1 ORDER BY attempt', [row?.id as string]);
  const only = async () => (await rows())[0];
  const inStatus = (status: string) => eventually(async () => (await only())?.status === status && only());

  it('are sent with the execution that they tell of, once it is committed', async () => {
    const sent: { delivery: Delivery; execution: Subject }[] = [];
    const running = sending((delivery, execution) => {
      sent.push({ delivery, execution });
      return Promise.resolve(DELIVERED);
    });
    const id = await running.ended();
    const row = await inStatus('delivered');
    expect(sent).toMatchObject([
      {
        delivery: { id: row?.id, event: 'execution.completed', executionId: id, target: 'a', attempt: 1 },
        execution: { id, status: 'completed', output: { text: 'fine' } },
      },
    ]);
    expect(await triesOf(row)).toMatchObject([{ attempt: 1, outcome: 'delivered', status: 200, error: null }]);
  });

  it('are ordered once for an event, a channel and a target, whoever orders them how often', async () => {
    const twice = start({}, [TO_A, TO_A, { ...TO_A, target: 'b' }]);
    twice.withRules(({ transition }) => (transition === 'complete' ? [TO_A] : []));
    await twice.ended();
    expect((await rows()).map((row) => String(row.target)).toSorted()).toEqual(['a', 'b']);
  });

  it('are not there when the transition is undone, and a rule that breaks undoes none', async () => {
    const broken = start();
    broken.withRules(() => {
      throw new Error('a bug');
    });
    broken.participants.register({
      *write(_dialect, changes) {
        if (changes.some(({ transition }) => transition === 'complete'))
          yield { sql: 'INSERT INTO nowhere VALUES (1)' };
      },
    });
    await expect(broken.ended()).rejects.toThrow(/nowhere/);
    expect(await rows()).toEqual([]);
    await start().ended();
    expect(await rows()).toHaveLength(1);
  });

  it('ask nothing of the database where nobody wants to be told', async () => {
    const silent = start({}, []);
    const execution = await silent.reader.get(await silent.ended(), 'local');
    const write = () => silent.planner.write(database.dialect, [{ transition: 'complete', execution }]).next();
    await eventually(() => !silent.endpoints.mayExist);
    expect(write()).toEqual({ done: true });
    silent.hints.publish({ kind: 'endpoints' });
    expect(write()).toMatchObject({ value: { sql: expect.stringContaining('webhook_endpoints') as string } });
  });

  it('are tried again by the schedule, under the same id, and fail when it is over', async () => {
    const ids: string[] = [];
    const running = sending((delivery) => {
      ids.push(delivery.id);
      return Promise.resolve(FAILED);
    });
    await running.ended();
    const row = await inStatus('failed');
    expect(ids).toEqual([row?.id, row?.id, row?.id]);
    expect(row).toMatchObject({ last_status: 500, last_error: 'HTTP 500', attempt: 3 });
    expect((await triesOf(row)).map(({ attempt, outcome }) => `${String(attempt)} ${String(outcome)}`)).toEqual([
      '1 failed',
      '2 failed',
      '3 failed',
    ]);
  });

  it.each<[string, Send]>([
    ['is told so', () => Promise.resolve({ kind: 'failed', error: 'gone', retryable: false })],
    ['is thrown an error that says so', () => Promise.reject(new LonghaulError('outbound_refused', 'gone'))],
  ])('are not tried again where that cannot help: %s', async (_, send) => {
    await sending(send).ended();
    expect(await inStatus('failed')).toMatchObject({ attempt: 1, last_error: 'gone' });
  });

  it('wait as long as the receiver asks for, and not much longer', async () => {
    const running = sending(() => Promise.resolve({ ...FAILED, retryAfterMs: 3_600_000 }));
    await running.ended();
    const row = await eventually(async () => (await only())?.last_status === 500 && only());
    const [now] = await database.read(`SELECT ${database.dialect.now} AS now`);
    const waits = Number(row?.due_at) - Number(now?.now);
    expect(waits).toBeGreaterThan(3_500_000);
    expect(waits).toBeLessThan(1.2 * 3_600_000 + 1);
  });

  it('cost no try while they are postponed', async () => {
    let away = true;
    const running = sending(() => {
      const postponed: TryOutcome = { kind: 'postponed', delayMs: 0, reason: 'the circuit is open' };
      const outcome = away ? postponed : DELIVERED;
      away = false;
      return Promise.resolve(outcome);
    });
    await running.ended();
    const row = await inStatus('delivered');
    expect(row).toMatchObject({ attempt: 1 });
    expect(await triesOf(row)).toHaveLength(1);
  });

  it('are postponed by any length of time, and take nobody along whose record is refused', async () => {
    let away = true;
    const orders = ['a', 'b', 'c'].map((target) => ({ ...TO_A, target }));
    const running = sending(
      ({ target }) => {
        const postponed: TryOutcome = { kind: 'postponed', delayMs: 20.5, reason: 'the broker is away' };
        const unwritable = { ...DELIVERED, status: 200.5 } as TryOutcome;
        const outcome = away && target === 'a' ? postponed : target === 'b' && away ? unwritable : DELIVERED;
        if (target === 'a') away = false;
        return Promise.resolve(outcome);
      },
      {},
      orders,
    );
    await running.ended();
    await eventually(async () => {
      const found = await rows();
      return found.filter(({ target, status }) => target !== 'b' && status === 'delivered').length === 2;
    });
    expect((await rows()).find(({ target }) => target === 'a')).toMatchObject({ attempt: 1 });
  });

  it('are tried once by senders that were all away until their time was up', async () => {
    const sent: string[] = [];
    await start().ended();
    await database.run('UPDATE deliveries SET give_up_at = 1');
    const late = start({}, []);
    late.channels.register({
      name: 'test',
      send: ({ id }) => {
        sent.push(id);
        return Promise.resolve(FAILED);
      },
    });
    late.sender.start();
    expect(await inStatus('failed')).toMatchObject({ attempt: 2, last_error: 'its time is up' });
    expect(sent).toHaveLength(1);
  });

  it('that a stopping sender has just claimed are due at once for others, at no cost', async () => {
    const running = start();
    await running.ended();
    running.channels.register({ name: 'test', send: () => Promise.reject(new Error('nobody sends any more')) });
    const run = database.run.bind(database);
    const claims = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    jest.spyOn(database, 'run').mockImplementation(async (sql, params) => {
      const found = await run(sql, params);
      if (!sql.startsWith('UPDATE deliveries SET claim')) return found;
      claims.resolve();
      await stopped.promise;
      return found;
    });
    running.sender.start();
    await claims.promise;
    const stop = running.sender.stop();
    stopped.resolve();
    await stop;
    jest.restoreAllMocks();
    expect(await only()).toMatchObject({ status: 'pending', attempt: 0, claim: null });
  });

  it('keep of an answer what is short and no secret', async () => {
    const excerpt = `${OPTIONS.secret} ${'x'.repeat(5_000)}`;
    await sending(() => Promise.resolve({ ...DELIVERED, excerpt } as TryOutcome)).ended();
    const [tried] = await triesOf(await inStatus('delivered'));
    expect(tried?.excerpt).toMatch(/^\[redacted\] x+$/);
    expect(String(tried?.excerpt)).toHaveLength(1_024);
  });

  it('end their try when its time is up', async () => {
    const hangs: Send = (_delivery, _execution, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    await sending(hangs, { tryTimeoutMs: 50, scheduleMs: [] }).ended();
    expect(await inStatus('failed')).toMatchObject({ last_error: 'no answer within 0.05 s' });
  });

  it('hold up nobody else where a receiver hangs', async () => {
    const sent: string[] = [];
    const orders = [1, 2, 3, 4, 5, 6].map((n) => ({ ...TO_A, target: `slow ${n}`, lane: 'slow' }));
    const running = sending(
      async ({ target }, _execution, signal) => {
        sent.push(target);
        if (!target.startsWith('slow')) return DELIVERED;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      { concurrency: 3, perLane: 2 },
      [...orders, { ...TO_A, target: 'quick', lane: 'quick' }],
    );
    await running.ended();
    await eventually(() => sent.length >= 3);
    expect(sent.filter((target) => target.startsWith('slow'))).toHaveLength(2);
    expect(sent).toContain('quick');
  });

  it('are due at once, at no cost, when their sender stops in the middle', async () => {
    const asked = Promise.withResolvers<void>();
    const running = sending((_delivery, _execution, signal) => {
      asked.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    });
    await running.ended();
    await asked.promise;
    await running.sender.stop();
    expect(await only()).toMatchObject({ status: 'pending', attempt: 0, claim: null });
    const another = start({}, []);
    another.channels.register({ name: 'test', send: () => Promise.resolve(DELIVERED) });
    another.sender.start();
    expect(await inStatus('delivered')).toMatchObject({ attempt: 1 });
  });

  it('go to one of the senders that want them, and come due again when its claim is over', async () => {
    await start().ended();
    const [due] = await findDueDeliveries(database, { lanes: [], owners: [] }, 10);
    const ids = [due?.id ?? ''];
    const both = await Promise.all(['one', 'two'].map((claim) => claimDeliveries(database, ids, claim, 0)));
    // A lease of nothing: whoever comes second may have it, and whoever came first has lost it.
    const last = both.flat().at(-1);
    const claimed = (await claimDeliveries(database, ids, 'three', 60_000))[0];
    expect(claimed).toMatchObject({ claim: 'three', delivery: { id: ids[0] } });
    expect(await claimDeliveries(database, ids, 'four', 60_000)).toEqual([]);
    const record = { id: ids[0] ?? '', status: 'delivered' as const, delayMs: 0 };
    const tried = { durationMs: 1, outcome: 'delivered' as const, status: 200, error: null, excerpt: null };
    const late = { ...record, claim: last?.claim ?? '', tried: { ...tried, attempt: 1 } };
    const mine = { ...record, claim: 'three', tried: { ...tried, attempt: claimed?.delivery.attempt ?? 0 } };
    expect(await endTries(database, [late])).toEqual([false]);
    expect(await endTries(database, [mine])).toEqual([true]);
    expect(await only()).toMatchObject({ status: 'delivered' });
  });

  it('of one owner with many receivers that hang leave room for those of others', async () => {
    const hung = new Set<string>();
    const hanging = Array.from({ length: 20 }, (_, n) => ({ ...TO_A, target: `slow ${n}`, lane: `host ${n}` }));
    const running = sending(
      async ({ owner, target }, _execution, signal) => {
        if (owner !== 'greedy') return DELIVERED;
        hung.add(target);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      // None of them ends by itself, and makes room for one more.
      { tryTimeoutMs: 600_000 },
      hanging,
    );
    await running.ended(undefined, { owner: 'greedy' });
    // Three times of what is left of eight.
    await eventually(() => hung.size === 6);
    await running.ended(undefined, { owner: 'modest' });
    await eventually(async () => {
      const [sent] = await database.read(
        `SELECT count(*) AS n FROM deliveries WHERE owner = 'modest' AND status = 'delivered'`,
      );
      return Number(sent?.n) === 20;
    });
    expect(hung.size).toBe(6);
  });

  it('of the only owner there can be may be as many as there is room for', async () => {
    let atOnce = 0;
    const orders = Array.from({ length: 20 }, (_, n) => ({ ...TO_A, target: `slow ${n}`, lane: `host ${n}` }));
    const running = sending(
      (_delivery, _execution, signal) => {
        atOnce += 1;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      { manyOwners: false },
      orders,
    );
    await running.ended();
    await eventually(() => atOnce === OPTIONS.concurrency);
  });

  it('leave out the lanes that are full, and the owners that have enough', async () => {
    const orders = [
      { ...TO_A, lane: 'full' },
      { ...TO_A, target: 'b', lane: 'free' },
    ];
    await start({}, orders).ended(undefined, { owner: 'one' });
    await start({}, orders).ended(undefined, { owner: 'two' });
    const full = { lanes: ['full', 'other'], owners: ['two', 'three'] };
    expect(await findDueDeliveries(database, full, 10)).toMatchObject([{ lane: 'free', owner: 'one' }]);
    expect(await findDueDeliveries(database, { ...full, lanes: [] }, 10)).toMatchObject([
      { owner: 'one' },
      { owner: 'one' },
    ]);
    expect(await findDueDeliveries(database, { ...full, owners: [] }, 10)).toHaveLength(2);
  });

  it('may be about something else than an execution', async () => {
    const seen: Subject[] = [];
    const running = sending((_delivery, execution) => {
      seen.push(execution);
      return Promise.resolve(DELIVERED);
    });
    const orders = new DeliveryOrders(database, running.news, OPTIONS);
    const summary = { owner: 'local', subject: 'summary 2026-11-26', event: 'summary', channel: 'test', target: 'a' };
    expect(await orders.place([summary])).toHaveLength(1);
    expect(await orders.place([summary])).toEqual([]);
    await inStatus('delivered');
    expect(seen).toEqual([null]);
  });
});
