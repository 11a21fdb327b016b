import type { ExecutionView } from '../support/api-client';
import { eventually } from '../support/eventually';
import { FakeLlm } from '../support/fake-llm';
import type { GatewayProcess } from '../support/gateway-process';
import { STEADY } from './support/backlog';
import { describeFault, EVERYTHING } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';
import { type Point, SELLER, SellersModel, STEPS, stepsWith } from './support/seller';

/** Where its worker dies: an order each. */
const POINTS: Point[] = [
  { step: 'model:1', when: 'asked' },
  { step: 'tool:1:2', when: 'asked' },
  { step: 'tool:2:1', when: 'asked' },
  { step: 'tool:3:2', when: 'answered' },
  { step: 'tool:4:1', when: 'asked' },
  { step: 'model:5', when: 'halfway' },
  { step: 'tool:5:1', when: 'answered' },
  { step: 'tool:7:2', when: 'answered' },
  { step: 'tool:7:3', when: 'asked' },
  { step: 'model:8', when: 'answered' },
];
/** So long after the answers are out the worker is killed, round by round: what it had recorded by then is chance. */
const KILLED_AFTER_MS = EVERYTHING ? [5, 0, 1, 2, 3, 8, 12, 18, 25, 40] : [5];
const SHIPPED = stepsWith('at_most_once');

let llm: FakeLlm;
let model: SellersModel;
beforeAll(async () => {
  llm = await FakeLlm.start();
});
afterAll(() => llm.stop());

interface Order extends Point {
  order: string;
  id: string;
}

/** Ten orders, each led to its own point. */
async function ordersAtTheirPoints(world: FaultWorld, round: number): Promise<Order[]> {
  const orders = await Promise.all(
    POINTS.map(async (point, n) => {
      const order = `${round}-${n}`;
      if (point.step.startsWith('model:')) model.hold(order, point);
      else world.ledger.hold(`${order} ${point.step}`);
      return { ...point, order, id: await world.api.submit('seller', { message: `Sell order ${order}` }) };
    }),
  );
  await world.eventually(() => orders.every((order) => timesOf(world, order) > 0));
  // A parcel is sent beside the charge that is asked for then: it is out, and recorded.
  const { order } = orders.find(({ step }) => step === 'tool:7:3')!;
  await world.eventually(async () => (await recorded(world, orders)).has(`${order} tool:7:2`));
  return orders;
}

function timesOf(world: FaultWorld, { order, step }: { order: string; step: string }): number {
  return world.ledger.named(`${order} ${step}`).length + model.times(order, step);
}

/** What is answered is out, and the worker is dead a moment later. */
async function kill(world: FaultWorld, worker: GatewayProcess, orders: Order[], afterMs: number): Promise<void> {
  const answered = orders.filter(({ when }) => when === 'answered');
  for (const { order, step } of answered) world.ledger.release(`${order} ${step}`);
  model.release();
  const moment = performance.now() + afterMs;
  await eventually(() => performance.now() >= moment, { intervalMs: 1 });
  await worker.signal('SIGKILL');
}

/** `<order> <step>` of all that is recorded, as the database has it. */
async function recorded(world: FaultWorld, orders: Order[]): Promise<Set<string>> {
  const database = await world.database();
  const rows = await database.read("SELECT execution_id, key FROM steps WHERE status = 'completed'");
  const orderOf = new Map(orders.map(({ id, order }) => [id, order]));
  return new Set(rows.map((row) => `${orderOf.get(String(row.execution_id))} ${String(row.key)}`));
}

const isCutParcel = ({ key, status }: { key: string; status: string }) =>
  SHIPPED.includes(key) && status === 'interrupted';

async function expectItsEnd(world: FaultWorld, order: Order, execution: ExecutionView): Promise<void> {
  const { items: steps } = await world.api.get<{ items: { key: string; status: string }[] }>(
    `/v1/executions/${order.id}/steps`,
  );
  const runs = await world.api.runs(order.id);
  // What was answered may have come to its end before the kill did.
  const over = order.when === 'answered' && runs.length === 1;
  expect([order, runs.map(({ outcome }) => outcome)]).toEqual([order, [...(over ? [] : ['lost']), execution.status]]);
  if (order.when !== 'answered') {
    expect([order, steps.some(isCutParcel)]).toEqual([order, SHIPPED.includes(order.step)]);
  }
  if (steps.some(isCutParcel)) {
    expect(execution).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'effect_unknown' } });
    return;
  }
  const output = { text: `Order ${order.order} is sold.` };
  expect(execution).toMatchObject({ status: 'completed', attempt: 1, output });
  expect(steps.map(({ status }) => status)).toEqual(Array.from({ length: STEPS }, () => 'completed'));
}

/** Whatever came of an order: what its tools have done is as they were declared. */
function expectEffectsAsDeclared(world: FaultWorld, { order, step, when }: Order): void {
  const effectsOf = (key: string) => world.ledger.named(`${order} ${key}`);
  for (const key of SHIPPED) expect([order, key, effectsOf(key).length > 1]).toEqual([order, key, false]);
  const charges = stepsWith('idempotent').map((key) => new Set(effectsOf(key).map((effect) => effect.idempotencyKey)));
  expect(charges.filter((keys) => keys.size > 1)).toEqual([]);
  const keys = charges.flatMap((of) => [...of]);
  expect(new Set(keys).size).toBe(keys.length);
  if (when === 'answered' || SHIPPED.includes(step)) return;
  expect([order, step, timesOf(world, { order, step }) > 1]).toEqual([order, step, true]);
}

describeFault({
  id: 'F2-F3',
  title: 'a worker is killed at ten points of an agent of twenty steps; it goes on behind what is recorded, to its end',
  on: ['memory/sqlite', 'redis/postgres'],
  files: SELLER,
  get env() {
    return {
      LONGHAUL_PROVIDERS: JSON.stringify({ local: { type: 'openai-compatible', base_url: llm.url } }),
      LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
      LONGHAUL_QUEUE__WORKERS: '12',
      // Seen dead by its life sign: a short lease would be lost by whoever stands still for a moment.
      ...STEADY,
    };
  },
  async run(world) {
    model = new SellersModel();
    llm.reply = model.reply;
    let worker = await world.start();
    for (const [round, afterMs] of KILLED_AFTER_MS.entries()) {
      const orders = await ordersAtTheirPoints(world, round);
      await kill(world, worker, orders, afterMs);
      const before = await recorded(world, orders);
      const [effects, questions] = [world.ledger.effects.length, model.asked.length];
      for (const { order, step } of orders) world.ledger.release(`${order} ${step}`);
      worker = await world.startWorker();
      const ends = await world.ended(orders.map(({ id }) => id));
      const after = [
        ...world.ledger.effects.slice(effects).map(({ name }) => name),
        ...model.asked.slice(questions).map(({ order, step }) => `${order} ${step}`),
      ];
      expect(after.filter((name) => before.has(name))).toEqual([]);
      for (const [n, order] of orders.entries()) {
        expectEffectsAsDeclared(world, order);
        await expectItsEnd(world, order, ends[n] as ExecutionView);
      }
    }
  },
});
