import { Agent, type AgentHandler } from '@longhaul/agents';
import { generateApiKey } from '@longhaul/config';
import { Database } from '@longhaul/database';
import type { ExecutionContext } from '@longhaul/executions';
import { Invariants } from '@longhaul/executions/testing';
import { isJsonObject, type JsonObject, PermanentError } from '@longhaul/kernel';
import { describeOnDatabases } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

/** What its steps did, in order. */
const done: string[] = [];

@Agent({ id: 'shop', maxRetries: 0 })
class ShopAgent implements AgentHandler {
  async run({ step, input, turn }: ExecutionContext) {
    const asked: JsonObject = isJsonObject(input) ? input : {};
    const { euro = 10, closed = false } = asked;
    const work = <T>(key: string, result: T) =>
      step.run(key, () => {
        done.push(key);
        return result;
      });
    const price = await work('price', { euro });
    const stock = await step
      .run('stock', () => {
        done.push('stock');
        throw new PermanentError('nobody knows');
      })
      .catch((error: Error) => error.message);
    const { approved } = await step.waitForApproval('allowed', { subject: 'sale', arguments: price });
    const charge = approved ? await work('charge', `charged ${JSON.stringify(price.euro)}`) : 'not charged';
    if (closed) throw new PermanentError('closed');
    return { charge, stock, sent: await work('ship', `shipped for ${JSON.stringify(euro)}`), turn };
  }
}

/** Sends a parcel, which is cut, and then writes its label. */
@Agent({ id: 'parcel', maxRetries: 0 })
class ParcelAgent implements AgentHandler {
  async run({ step }: ExecutionContext) {
    const hangs = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut'))));
    const ship = step.run('ship', hangs, { effects: 'at_most_once' });
    ship.catch(() => undefined);
    const label = await step.run('label', () => 'to Oslo');
    return { label, shipped: await ship };
  }
}

/** Has the shop sell, which may be asked once, and writes its label meanwhile. */
@Agent({ id: 'dealer', maxRetries: 0 })
class DealerAgent implements AgentHandler {
  async run({ step }: ExecutionContext) {
    const sale = step.invoke('sell', { agent: 'shop', input: {}, effects: 'at_most_once' });
    sale.catch(() => undefined);
    const label = await step.run('label', () => 'to Oslo');
    return { label, sale: await sale };
  }
}

const KEYS = { boss: generateApiKey(), other: generateApiKey(), seller: generateApiKey() };
const AUTH = [
  { name: 'boss', key: KEYS.boss, owner: 'acme', scopes: ['admin'] },
  { name: 'seller', key: KEYS.seller, owner: 'acme', scopes: ['agents:run', 'executions:read'] },
  { name: 'other', key: KEYS.other, owner: 'globex', scopes: ['admin'] },
];
const as = (key: string) => ({ authorization: `Bearer ${key}` });

describeOnDatabases('A fork', (get) => {
  let gateway: TestGateway;
  let sourceId: string;
  beforeAll(async () => {
    const { backend, url } = get().options;
    const env = {
      LONGHAUL_PERSISTENCE__BACKEND: backend,
      LONGHAUL_PERSISTENCE__URL: url,
      LONGHAUL_AUTH__MODE: 'api_key',
      LONGHAUL_AUTH__API_KEYS: JSON.stringify(AUTH),
    };
    gateway = await TestGateway.start({
      agents: [ShopAgent, ParcelAgent, DealerAgent],
      env,
      files: { 'agents/typed/AGENT.md': '---\n---\nx\n' },
    });
    sourceId = await sold({ input: { euro: 10 } });
    done.length = 0;
  });
  afterAll(() => gateway.stop());
  afterEach(async () => {
    done.length = 0;
    expect(await new Invariants(gateway.app.get(Database)).violations()).toEqual([]);
  });

  const boss = as(KEYS.boss);
  const read = async (path: string) => (await gateway.get(`/v1/executions/${path}`, boss)).body;
  const ended = (id: string) => read(`${id}?wait=20`);
  const fork = (body: object, id = sourceId, headers: Record<string, string> = boss) =>
    gateway.post(`/v1/executions/${id}/fork`, body, headers);
  const idOf = ({ body }: { body: Record<string, unknown> }) => String(body['execution_id']);
  const steps = async (id: string) => (await read(`${id}/steps?include=result`))['items'] as Record<string, unknown>[];
  const firstEvent = async (id: string) => {
    const headers = { accept: 'application/json', ...boss };
    const { body } = await gateway.get(`/v1/executions/${id}/events?limit=1`, headers);
    return (body['items'] as { data: object }[])[0]?.data;
  };

  /** Somebody allows the sale; the id of its approval. */
  async function allow(id: string): Promise<string> {
    const approval = await eventually(async () => {
      const { body } = await gateway.get(`/v1/approvals?execution_id=${id}`, boss);
      return (body['items'] as { approval_id: string }[])[0]?.approval_id ?? false;
    });
    await gateway.post(`/v1/approvals/${approval}/decision`, { decision: 'approve' }, boss);
    return approval;
  }

  async function sold(body: object, how = 'invoke'): Promise<string> {
    const headers = { prefer: 'respond-async', ...boss };
    const id = idOf(await gateway.post(`/v1/agents/shop/${how}`, body, headers));
    await allow(id);
    await ended(id);
    return id;
  }

  it('shares what was recorded before a step, errors too, and tells what is different', async () => {
    const before = await ended(sourceId);
    const forked = idOf(await fork({ from_step: 'allowed', input: { euro: 20 } }));
    await allow(forked);
    const record = await ended(forked);
    expect(record).toMatchObject({
      status: 'completed',
      forked_from: sourceId,
      fork: { from_step: 'allowed', changed: ['input'] },
      output: { charge: 'charged 10', stock: 'nobody knows', sent: 'shipped for 20' },
    });
    expect(done).toEqual(['charge', 'ship']);
    expect(await firstEvent(forked)).toMatchObject({
      forked_from: sourceId,
      from_step: 'allowed',
      changed: ['input'],
    });
    const [mine, its] = [await steps(forked), await steps(sourceId)];
    expect(mine.slice(0, 2).map(({ step_id: id }) => id)).toEqual(its.slice(0, 2).map(({ step_id: id }) => id));
    expect(await ended(sourceId)).toEqual(before);
  });

  it('takes other results in place of those that were recorded, and of an error', async () => {
    const results = { price: { euro: 3 }, stock: 'plenty' };
    const forked = idOf(await fork({ from_step: 'charge', step_results: results }));
    await allow(forked);
    expect(await ended(forked)).toMatchObject({
      output: { charge: 'charged 3', stock: 'plenty' },
      fork: { changed: ['step_results.price', 'step_results.stock'] },
    });
    expect(done).toEqual(['charge', 'ship']);
  });

  it('asks people anew, also as the fork of a fork: what was approved once is done once', async () => {
    const first = idOf(await fork({ from_step: 'ship' }));
    await allow(first);
    expect(await ended(first)).toMatchObject({ status: 'completed' });
    expect(done).toEqual(['ship']);
    const second = idOf(await fork({ from_step: 'charge' }, first));
    const approval = await allow(second);
    expect(approval).not.toBe(await allow(first));
    expect(await ended(second)).toMatchObject({ forked_from: first, output: { charge: 'charged 10' } });
    const refused = await fork({ from_step: 'ship', step_results: { allowed: { approved: true } } });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('is what a person decides')]);
  });

  it('does everything anew where no step is named, and takes the id of a step for its key', async () => {
    const whole = idOf(await fork({}));
    await allow(whole);
    expect(await ended(whole)).toMatchObject({ status: 'completed', fork: { changed: [] } });
    expect(done.splice(0)).toEqual(['price', 'stock', 'charge', 'ship']);
    const ship = (await steps(sourceId)).find(({ key }) => key === 'ship');
    const last = idOf(await fork({ from_step: ship?.['step_id'] }));
    await allow(last);
    expect(await ended(last)).toMatchObject({ fork: { from_step: 'ship' } });
    expect(done).toEqual(['ship']);
  });

  it('stays a fork when it fails and is tried anew', async () => {
    const forked = idOf(await fork({ from_step: 'charge', input: { closed: true }, step_results: { stock: 'some' } }));
    await allow(forked);
    expect(await ended(forked)).toMatchObject({ status: 'failed' });
    done.length = 0;
    const again = idOf(await gateway.post(`/v1/executions/${forked}/retry`, { input: {} }, boss));
    await allow(again);
    const output = { charge: 'charged 10', stock: 'some' };
    expect(await ended(again)).toMatchObject({ output, retry_of: forked, forked_from: sourceId });
    expect(done).toEqual(['charge', 'ship']);
  });

  it('does not do again what may have been done, and takes the word of whoever knows', async () => {
    const asked = await gateway.post('/v1/agents/parcel/invoke', { input: {} }, { prefer: 'respond-async', ...boss });
    const id = idOf(asked);
    await eventually(async () =>
      (await steps(id)).some(({ key, status }) => key === 'label' && status === 'completed'),
    );
    await gateway.post(`/v1/executions/${id}/cancel`, undefined, boss);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    const doubtful = idOf(await fork({ from_step: 'label' }, id));
    expect(await ended(doubtful)).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    const known = idOf(await fork({ from_step: 'label', step_results: { ship: 'parcel 7' } }, id));
    expect(await ended(known)).toMatchObject({
      status: 'completed',
      output: { label: 'to Oslo', shipped: 'parcel 7' },
    });
  });

  it('does not ask again for what may be done once and was being waited for', async () => {
    const id = idOf(
      await gateway.post('/v1/agents/dealer/invoke', { input: {} }, { prefer: 'respond-async', ...boss }),
    );
    await eventually(async () => (await read(id))['status'] === 'waiting');
    await gateway.post(`/v1/executions/${id}/cancel`, undefined, boss);
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    const doubtful = idOf(await fork({ from_step: 'label' }, id));
    expect(await ended(doubtful)).toMatchObject({ status: 'failed', error: { code: 'effect_unknown' } });
    expect((await read(`${doubtful}/tree`))['items']).toHaveLength(1);
    const known = idOf(await fork({ from_step: 'label', step_results: { sell: 'sale 7' } }, id));
    expect(await ended(known)).toMatchObject({ status: 'completed', output: { label: 'to Oslo', sale: 'sale 7' } });
  });

  it('stands beside what it was forked from: shared, changed, gone and new', async () => {
    const forked = idOf(await fork({ from_step: 'charge', step_results: { price: { euro: 3 } } }));
    await allow(forked);
    await ended(forked);
    const diff = await read(`${sourceId}/diff/${forked}?include=result`);
    expect(diff).toMatchObject({
      left: { execution: { execution_id: sourceId }, duration_ms: expect.any(Number) as number },
      right: { execution: { execution_id: forked, forked_from: sourceId } },
      input: 'same',
      output: 'changed',
      shared_steps: 2,
      counts: { same: 2, changed: 3, only_left: 0, only_right: 0 },
      steps: [
        {
          key: 'price',
          outcome: 'changed',
          shared: true,
          left: { result: { euro: 10 } },
          right: { result: { euro: 3 } },
        },
        { key: 'stock', outcome: 'same', shared: true, left: { error: { message: 'nobody knows' } } },
        { key: 'allowed', outcome: 'changed', shared: false },
        { key: 'charge', outcome: 'changed', right: { result: 'charged 3' } },
        { key: 'ship', outcome: 'same', shared: false },
      ],
    });
    const short = await read(`${forked}/diff/${sourceId}`);
    expect(JSON.stringify(short['steps'])).not.toContain('"result"');
    expect(await read(`${sourceId}/diff/${sourceId}`)).toMatchObject({
      output: 'same',
      counts: { same: 5, changed: 0 },
    });
    const foreign = await gateway.get(`/v1/executions/${sourceId}/diff/${forked}`, as(KEYS.other));
    expect(foreign.status).toBe(404);
  });

  it('is no turn of the conversation, and says nothing in it', async () => {
    const id = await sold({ message: 'Sell it' }, 'chat');
    done.length = 0;
    const { conversation_id: conversation } = await ended(id);
    const said = async () => (await gateway.get(`/v1/conversations/${String(conversation)}/messages`, boss)).body;
    const before = await said();
    const forked = idOf(await fork({ from_step: 'ship', message: 'Sell two' }, id));
    await allow(forked);
    expect(await ended(forked)).toMatchObject({
      status: 'completed',
      output: { turn: 1 },
      conversation_id: conversation,
    });
    expect(await said()).toEqual(before);
    const { body } = await gateway.get(`/v1/conversations/${String(conversation)}`, boss);
    expect(body).toMatchObject({ turns: 1 });
  });

  it('is one execution under one Idempotency-Key', async () => {
    const key = { ...boss, 'idempotency-key': 'once' };
    const first = await fork({ from_step: 'ship' }, sourceId, key);
    const again = await fork({ from_step: 'ship' }, sourceId, key);
    expect([idOf(again), again.headers['idempotency-replayed']]).toEqual([idOf(first), 'true']);
    expect((await fork({ from_step: 'charge' }, sourceId, key)).body['code']).toBe('idempotency_key_reused');
    await allow(idOf(first));
    await ended(idOf(first));
  });

  it.each<[string, object, RegExp]>([
    ['a step that there is not', { from_step: 'charg' }, /from_step: unknown step .*did you mean .*charge/],
    ['a result of no step', { from_step: 'ship', step_results: { prise: 1 } }, /step_results.prise: .*mean .*price/],
    ['a result of what is done anew', { from_step: 'charge', step_results: { ship: 1 } }, /ship: is not before/],
    ['a result of what is not shared', { step_results: { price: 1 } }, /name the first one to be done anew/],
    ['a prompt for code', { prompt: 'Be kind.' }, /prompt: agent .*shop.* asks no model \(runtime code\)/],
    ['a model for code', { model: 'demo/echo' }, /model: agent .*shop.* asks no model/],
    ['a message for an invoke', { message: 'x' }, /message: .* is an invoke: change its input/],
  ])('refuses %s', async (_what, body, words) => {
    const { status, body: problem } = await fork(body);
    expect([status, problem['detail']]).toEqual([422, expect.stringMatching(words)]);
  });

  it("refuses what is not over, is somebody else's, or goes beyond the key", async () => {
    const waiting = idOf(await fork({}));
    await eventually(async () => (await read(waiting))['status'] === 'waiting');
    const early = await fork({}, waiting);
    expect([early.status, early.body['code']]).toEqual([409, 'not_over']);
    expect(early.body['detail']).toMatch(/is waiting, .*fork it when it is over, or cancel it first/);
    await gateway.post(`/v1/executions/${waiting}/cancel`, undefined, boss);
    expect((await fork({}, sourceId, as(KEYS.other))).status).toBe(404);
    for (const more of [{ prompt: 'x' }, { model: 'demo/echo' }, { step_results: { price: 1 } }]) {
      const { status, text } = await fork({ from_step: 'ship', ...more }, sourceId, as(KEYS.seller));
      expect([status, text]).toEqual([403, expect.stringContaining('lacks the scope admin')]);
    }
    const own = await fork({ from_step: 'ship' }, sourceId, as(KEYS.seller));
    expect(own.status).toBe(202);
    await allow(idOf(own));
    await ended(idOf(own));
  });
});
