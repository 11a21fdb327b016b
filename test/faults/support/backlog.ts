import type { GatewayProcess } from '../../support/gateway-process';
import type { Broker } from './brokers';
import type { FaultWorld, Op } from './fault-world';

/** The slots of the worker, as the fleet sets them. */
const SLOTS = 4;
const WAITING = 12;

/** A machine under load must not look like a dead worker; one that is dead is seen by its life sign: `env` of cases. */
export const STEADY = { LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30' };

/** API, worker, and more work than the worker has slots for: the rings of the rest wait in the broker. */
export class Backlog {
  /** Everything that was accepted. */
  private readonly ids: string[] = [];

  private constructor(
    private readonly world: FaultWorld,
    private readonly broker: Broker,
    private readonly slots: number,
    readonly api: GatewayProcess,
    readonly worker: GatewayProcess,
  ) {}

  /** Every slot is busy until `endsOnce`, and the broker holds a ring for each of the rest. */
  static async of(world: FaultWorld, broker: Broker, slots = SLOTS): Promise<Backlog> {
    const backlog = new Backlog(world, broker, slots, await world.startApi(), await world.startWorker());
    await backlog.load();
    return backlog;
  }

  /** So many slots, all that are free, are busy from now on, and so many rings wait. */
  async load({ slots = this.slots, waiting = WAITING } = {}): Promise<void> {
    const done = this.world.ledger.named('busy').length;
    this.world.ledger.hold('busy');
    await this.accepts(slots, 'busy');
    await this.world.ledger.happened('busy', done + slots);
    await this.accepts(waiting);
    // More where the worker has found one of the busy itself before its ring came: that one stays behind.
    await this.world.eventually(async () => (await this.broker.waiting()) >= waiting);
  }

  /** Each with 202, whatever the broker is up to. */
  async accepts(count: number, effect = 'work', before: Op[] = []): Promise<string[]> {
    const accepted: string[] = [];
    while (accepted.length < count) accepted.push(await this.world.work([...before, { op: 'effect', name: effect }]));
    this.ids.push(...accepted);
    return accepted;
  }

  /** All that was accepted is completed, each by one run that did its work once; nothing crashed and came again. */
  async endsOnce(): Promise<void> {
    const { world, ids } = this;
    world.ledger.release('busy');
    const executions = await world.ended(ids);
    expect(executions.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(ids.map(() => 'completed 1'));
    const runs = await Promise.all(ids.map((id) => world.api.runs(id)));
    expect(runs.map((of) => of.map(({ outcome }) => outcome))).toEqual(ids.map(() => ['completed']));
    expect(ids.map((id) => world.ledger.of(id).length)).toEqual(ids.map(() => 1));
    expect([this.api.ended, this.worker.ended]).toEqual([false, false]);
  }

  /** Rings reach the broker, and the worker takes them from there: nobody goes without the doorbell from now on. */
  async isRungFor(): Promise<void> {
    await this.world.eventually(async () => (await this.broker.waiting()) === 0);
    await this.load({ waiting: 2 });
    await this.endsOnce();
    await this.world.eventually(async () => (await this.broker.waiting()) === 0);
  }
}
