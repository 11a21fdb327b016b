import { Agent, type AgentHandler } from '@longhaul/agents';
import { generateApiKey } from '@longhaul/config';
import { Database } from '@longhaul/database';
import type { ExecutionContext } from '@longhaul/executions';
import { Invariants } from '@longhaul/executions/testing';
import { type ErrorCode, PermanentError } from '@longhaul/kernel';
import { eventually } from '../../support/eventually';
import { TEST_AGENTS } from './test-agents';
import { TestGateway } from './test-gateway';

let broken = true;

/** Fails until it is mended. */
@Agent({
  id: 'orders',
  executionMode: 'sync',
  maxRetries: 0,
  inputSchema: { type: 'object', properties: { order: { type: 'integer' } } },
})
class OrdersAgent implements AgentHandler {
  run({ input }: ExecutionContext) {
    const { order, code = 'agent_error' } = input as { order?: number; code?: ErrorCode };
    if (broken) throw new PermanentError(`no order ${order ?? 0}`, { code });
    return Promise.resolve({ text: `order ${order}` });
  }
}

type Body = Record<string, unknown>;
type Items = Body[];

const AGENTS = [...TEST_AGENTS, OrdersAgent];

describe('Dead letters', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ agents: AGENTS });
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    broken = true;
    await gateway.post('/v1/dead-letters/discard', { all: true, reason: 'another test' });
  });
  afterEach(async () => {
    expect(await new Invariants(gateway.app.get(Database)).violations()).toEqual([]);
  });

  async function fail(order: number, more: Body = {}): Promise<string> {
    const { status, body } = await gateway.post('/v1/agents/orders/invoke', { input: { order }, ...more });
    expect(status).toBe(500);
    return String(body['execution_id']);
  }
  const items = async (url: string) => (await gateway.get(url)).body['items'] as Items;
  const ids = async (query = '') =>
    (await items(`/v1/dead-letters${query}`)).map(({ execution_id }) => execution_id as string);
  const record = async (id: unknown) => (await gateway.get(`/v1/executions/${String(id)}?wait=20`)).body;
  const redrive = (body: Body) => gateway.post('/v1/dead-letters/redrive', body);
  const letter = async (id: string) => (await gateway.get(`/v1/dead-letters/${id}`)).body;

  describe('are shown', () => {
    it('latest failure first, page by page, with what failed and how often', async () => {
      const failed = [await fail(1), await fail(2), await fail(3)].toReversed();
      expect(await ids()).toEqual(failed);
      const first = await gateway.get('/v1/dead-letters?limit=2');
      const cursor = String(first.body['next_cursor']);
      const second = await gateway.get(`/v1/dead-letters?limit=2&cursor=${cursor}`);
      expect((first.body['items'] as Items)[0]).toMatchObject({
        execution_id: failed[0],
        agent: 'orders',
        queue: 'default',
        reason: 'agent_error',
        error: { code: 'agent_error', message: 'no order 3', retryable: false },
        attempts: 1,
        max_attempts: 1,
        interruptions: 0,
        state: 'open',
        runs_url: `/v1/executions/${failed[0]}/runs`,
      });
      expect([(second.body['items'] as Items).map((item) => item['execution_id']), second.body['next_cursor']]).toEqual(
        [failed.slice(2), null],
      );
    });

    it('one with its input, its last error and its runs', async () => {
      const id = await fail(7);
      expect(await letter(id)).toMatchObject({
        execution_id: id,
        input: { order: 7 },
        error: { message: 'no order 7' },
        runs: [{ outcome: 'failed', attempt: 1 }],
      });
      const unknown = await gateway.get('/v1/dead-letters/exec_01JD8Z4M7T9QW2X5C6V8B0N3KP');
      expect([unknown.status, unknown.body['code']]).toEqual([404, 'not_found']);
    });

    it('by agent, reason, cause and time, and together', async () => {
      const one = await fail(1);
      const { body } = await gateway.post('/v1/agents/failing/invoke', { input: { code: 'timeout' } });
      const other = String(body['execution_id']);
      const { fingerprint, failed_at } = await letter(one);
      expect(await ids('?agent=orders')).toEqual([one]);
      expect(await ids('?reason=timeout')).toEqual([other]);
      expect(await ids(`?fingerprint=${String(fingerprint)}`)).toEqual([one]);
      expect(await ids(`?fingerprint=${String(fingerprint)}&reason=timeout`)).toEqual([]);
      expect(await ids(`?failed_before=${String(failed_at)}`)).toEqual([]);
      expect((await ids('?failed_after=2020-01-01')).toSorted()).toEqual([one, other].toSorted());
    });

    it('in groups of the same cause', async () => {
      const failed = [await fail(4711), await fail(4712)];
      await gateway.post('/v1/agents/orders/invoke', { input: { order: 1, code: 'timeout' } });
      const groups = await items('/v1/dead-letters/groups');
      expect(groups).toMatchObject([
        { reason: 'timeout', agent: 'orders', count: 1 },
        {
          reason: 'agent_error',
          agent: 'orders',
          count: 2,
          sample: { execution_id: failed[1], message: 'no order 4712' },
        },
      ]);
      const first = await gateway.get('/v1/dead-letters/groups?limit=1');
      const next = String(first.body['next_cursor']);
      expect(await items(`/v1/dead-letters/groups?limit=1&cursor=${next}`)).toEqual(groups.slice(1));
      expect(await ids(`?fingerprint=${String(groups[1]?.['fingerprint'])}`)).toEqual(failed.toReversed());
    });
  });

  describe('are redriven', () => {
    it('one by its id: a new execution, all as it was asked; twice is once', async () => {
      const more = { metadata: { ticket: 1 }, tags: ['nightly'], priority: 'high', timeout_s: 60 };
      const id = await fail(1, more);
      broken = false;
      const [first, second] = await Promise.all([redrive({ execution_ids: [id] }), redrive({ execution_ids: [id] })]);
      const made = [first, second].map(({ body }) => (body['items'] as Items)[0]);
      expect(made[0]?.['execution_id']).toBe(made[1]?.['execution_id']);
      expect(made.filter((item) => item?.['repeated'] === true)).toHaveLength(1);
      const done = await record(made[0]?.['execution_id']);
      const before = await record(id);
      const { metadata, tags, correlation_id, conversation_id } = before;
      expect(done).toMatchObject({
        status: 'completed',
        output: { text: 'order 1' },
        retry_of: id,
        metadata,
        tags,
        correlation_id,
        conversation_id,
        max_attempts: 1,
      });
      expect(before['status']).toBe('failed');
      expect(await ids()).toEqual([]);
      expect(await letter(id)).toMatchObject({ state: 'redriven', redriven_as: done['execution_id'] });
      expect(await ids('?state=redriven')).toContain(id);
    });

    it('with another input where it is one, checked against the schema', async () => {
      const id = await fail(1);
      broken = false;
      const { body } = await redrive({ execution_ids: [id], input: { order: 2 } });
      expect(await record((body['items'] as Items)[0]?.['execution_id'])).toMatchObject({
        output: { text: 'order 2' },
      });
      const again = await redrive({ execution_ids: [id], input: { order: 3 } });
      expect(again.body).toMatchObject({ count: 0, refused: [{ execution_id: id, code: 'already_retried' }] });
      broken = true;
      const other = await fail(9);
      const unfit = await redrive({ execution_ids: [other], input: { order: 'x' } });
      expect(unfit.body).toMatchObject({
        count: 0,
        refused: [{ code: 'invalid_request', message: expect.stringContaining('input.order: expected integer') }],
      });
      const retried = await gateway.post(`/v1/executions/${other}/retry`, { input: { order: 'x' } });
      expect([retried.status, retried.body['errors']]).toEqual([
        422,
        [{ path: 'input.order', message: 'expected integer, got string' }],
      ]);
      const two = await redrive({ execution_ids: [id, other], input: {} });
      expect([two.status, two.body['detail']]).toEqual([422, expect.stringContaining('exactly one execution')]);
    });

    it('by filter, and all of it page by page; what fails meanwhile does not belong to it', async () => {
      const failed = [await fail(1), await fail(2), await fail(3)];
      await gateway.post('/v1/agents/failing/invoke', { input: { code: 'timeout' } });
      const filtered = await redrive({ filter: { reason: 'timeout' }, per_s: 1000 });
      expect(filtered.body).toMatchObject({ count: 1, remaining: 0, next_cursor: null });
      // It fails again, and is a dead letter of its own.
      await eventually(async () => expect(await ids('?reason=timeout')).toHaveLength(1));
      const first = await redrive({ all: true, max: 2, per_s: 1000 });
      expect(first.body).toMatchObject({ count: 2, remaining: 2 });
      expect((first.body['items'] as Items).map(({ retry_of }) => retry_of)).toEqual(failed.slice(0, 2));
      await eventually(async () => expect(await ids('?agent=orders')).toHaveLength(3));
      const rest = await redrive({ all: true, per_s: 1000, cursor: first.body['next_cursor'] });
      expect(rest.body).toMatchObject({ count: 2, remaining: 0, next_cursor: null });
    });

    it('so many in a second, by their due times', async () => {
      const failed = [await fail(1), await fail(2), await fail(3)];
      broken = false;
      const { body } = await redrive({ execution_ids: failed, per_s: 0.01, delay_s: 50 });
      const due = (body['items'] as Items).map(({ due_at }) => Date.parse(String(due_at)));
      const steps = due.map((at) => Math.round((at - (due[0] ?? 0)) / 1_000));
      expect(steps.map((step) => Math.round(step / 10))).toEqual([0, 10, 20]);
      expect(body['last_due_at']).toBe((body['items'] as Items)[2]?.['due_at']);
      const waiting = (await gateway.get(`/v1/executions/${String((body['items'] as Items)[0]?.['execution_id'])}`))
        .body;
      expect(waiting).toMatchObject({ status: 'queued', status_detail: 'delayed' });
    });

    it('but for those whose agent is not to be run, which stay open', async () => {
      const id = await fail(1);
      await gateway.app.get(Database).run(`UPDATE executions SET target = 'off' WHERE id = $1`, [id]);
      const { body } = await redrive({ execution_ids: [id, 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP'] });
      expect(body).toMatchObject({
        count: 0,
        refused: [
          { execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP', code: 'not_found' },
          { execution_id: id, code: 'agent_disabled', message: expect.stringContaining('enabled: true') },
        ],
      });
      expect(await ids()).toEqual([id]);
      const retry = await gateway.post(`/v1/executions/${id}/retry`, {});
      expect([retry.status, retry.body['code']]).toEqual([409, 'agent_disabled']);
      await gateway.app.get(Database).run(`UPDATE executions SET target = 'gone' WHERE id = $1`, [id]);
      expect((await redrive({ execution_ids: [id] })).body).toMatchObject({ refused: [{ code: 'not_found' }] });
      await gateway.app.get(Database).run(`UPDATE executions SET target = 'orders' WHERE id = $1`, [id]);
    });

    it('only by its id or that reason where a step may have had its effect', async () => {
      const doubtful = async () =>
        String(
          (await gateway.post('/v1/agents/failing/invoke', { input: { code: 'effect_unknown' } })).body['execution_id'],
        );
      const [id, other] = [await doubtful(), await fail(1)];
      const all = await redrive({ all: true, delay_s: 100 });
      expect(all.body).toMatchObject({
        items: [{ retry_of: other }],
        refused: [{ execution_id: id, code: 'effect_unknown', message: expect.stringContaining('by its id') }],
        remaining: 0,
        next_cursor: null,
      });
      expect(await ids()).toEqual([id]);
      expect((await redrive({ execution_ids: [id], delay_s: 100 })).body['count']).toBe(1);
      await doubtful();
      const named = await redrive({ filter: { reason: 'effect_unknown' }, delay_s: 100 });
      expect(named.body).toMatchObject({ count: 1, refused: [] });
    });

    it.each([
      [{}, 'exactly one of execution_ids, filter and all'],
      [{ all: true, filter: { agent: 'a' } }, 'got filter and all'],
      [{ all: false }, 'expected true or nothing'],
      [{ filter: {} }, 'is empty'],
      [{ filter: { reasn: 'x' } }, 'did you mean \\"reason\\"'],
      [{ filter: { fingerprint: 'x' } }, '16 hex digits'],
      [{ execution_ids: [] }, 'is empty'],
      [{ execution_ids: ['nonsense'] }, 'expected ids such as exec_01J'],
      [{ execution_ids: ['exec_01JD8Z4M7T9QW2X5C6V8B0N3KP'], max: 3 }, 'goes with filter and all only'],
      [{ all: true, per_s: 0 }, 'number from 0.01'],
      [{ all: true, message: 'x' }, 'exactly one execution'],
    ])('not by a request such as %j', async (body, words) => {
      const answer = await redrive(body);
      expect([answer.status, answer.body['code']]).toEqual([422, 'invalid_request']);
      expect(answer.text).toContain(words);
    });

    it('not from a place that is none of ours', async () => {
      expect((await redrive({ all: true, cursor: 'x' })).body['code']).toBe('invalid_cursor');
    });
  });

  describe('are retried', () => {
    const retry = (id: unknown, body?: Body) =>
      body
        ? gateway.post(`/v1/executions/${String(id)}/retry`, body)
        : gateway.raw(`/v1/executions/${String(id)}/retry`, '', {});

    it('with 202 and where the new one is; again answers the same one', async () => {
      const id = await fail(1);
      broken = false;
      const first = await retry(id);
      expect([first.status, first.headers['location']]).toEqual([202, first.body['poll_url']]);
      const again = await retry(id, {});
      expect([again.status, again.body['execution_id'], again.headers['idempotency-replayed']]).toEqual([
        202,
        first.body['execution_id'],
        'true',
      ]);
      expect(await record(first.body['execution_id'])).toMatchObject({ status: 'completed', retry_of: id });
      expect((await retry(id)).body['execution_id']).toBe(first.body['execution_id']);
    });

    it('from the last one where the one before failed as well', async () => {
      const id = await fail(1);
      const second = await record((await retry(id)).body['execution_id']);
      expect(second['status']).toBe('failed');
      broken = false;
      const third = await record((await retry(id)).body['execution_id']);
      expect(third).toMatchObject({ status: 'completed', retry_of: second['execution_id'] });
      expect(await ids()).toEqual([]);
    });

    it('anew where the one before was cancelled', async () => {
      const id = await fail(1);
      const { body } = await redrive({ execution_ids: [id], delay_s: 100 });
      const cancelled = String((body['items'] as Items)[0]?.['execution_id']);
      await gateway.post(`/v1/executions/${cancelled}/cancel`, {});
      broken = false;
      const next = await record((await retry(id)).body['execution_id']);
      expect(next).toMatchObject({ status: 'completed', retry_of: id });
      expect(await letter(id)).toMatchObject({ redriven_as: next['execution_id'] });
    });

    it('also after they were discarded', async () => {
      const id = await fail(1);
      await gateway.post('/v1/dead-letters/discard', { execution_ids: [id], reason: 'no need' });
      broken = false;
      expect(await record((await retry(id)).body['execution_id'])).toMatchObject({ status: 'completed' });
      expect(await letter(id)).not.toHaveProperty('discard_reason');
    });

    it('a chat as a new turn, with another message where that is given', async () => {
      const { body } = await gateway.post('/v1/agents/orders/chat', { message: 'first' });
      const id = String(body['execution_id']);
      const { conversation_id } = await record(id);
      broken = false;
      const wrong = await retry(id, { input: {} });
      expect([wrong.status, wrong.body['detail']]).toEqual([422, expect.stringContaining('change its message')]);
      const next = await record((await retry(id, { message: 'second' })).body['execution_id']);
      expect(next).toMatchObject({ status: 'completed', conversation_id });
      const said = await items(`/v1/conversations/${String(conversation_id)}/messages`);
      expect(said.map(({ seq, role, text }) => [seq, role, text])).toEqual([
        [1, 'user', 'first'],
        [3, 'user', 'second'],
        [4, 'assistant', 'order undefined'],
      ]);
    });

    it('a chat of a conversation that was deleted as the first turn of it', async () => {
      const { body } = await gateway.post('/v1/agents/orders/chat', { message: 'first' });
      const { conversation_id } = await record(body['execution_id']);
      const url = `/v1/conversations/${String(conversation_id)}`;
      expect((await gateway.ask({ method: 'DELETE', url })).status).toBe(204);
      broken = false;
      await record((await retry(body['execution_id'])).body['execution_id']);
      expect((await items(`${url}/messages`)).map(({ seq, text }) => [seq, text])).toEqual([
        [1, 'first'],
        [2, 'order undefined'],
      ]);
    });

    it('not what has not failed, and not with an input of another kind', async () => {
      broken = false;
      const done = await gateway.post('/v1/agents/orders/invoke', { input: { order: 1 } });
      const refused = await retry(done.body['execution_id']);
      expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
        409,
        'not_failed',
        expect.stringContaining('is completed'),
      ]);
      broken = true;
      const id = await fail(1);
      expect((await retry(id, { message: 'x' })).body['detail']).toMatch('change its input');
      expect((await retry(id, { mesage: 'x' })).body['detail']).toMatch('did you mean "message"');
    });
  });

  describe('are discarded', () => {
    const discard = (body: Body) => gateway.post('/v1/dead-letters/discard', body);

    it('with a reason, which stays when it is asked again; not what was redriven', async () => {
      const [id, other] = [await fail(1), await fail(2)];
      await redrive({ execution_ids: [other], delay_s: 100 });
      const first = await discard({ execution_ids: [id, other], reason: 'customer left' });
      expect(first.body).toMatchObject({
        count: 1,
        execution_ids: [id],
        refused: [{ execution_id: other, code: 'dead_letter_handled', message: expect.stringContaining('exec_') }],
        remaining: 0,
      });
      const again = await discard({ execution_ids: [id], reason: 'other' });
      expect(again.body).toMatchObject({ count: 1, refused: [] });
      expect(await letter(id)).toMatchObject({ state: 'discarded', discard_reason: 'customer left' });
    });

    it('by filter, page by page', async () => {
      const failed = [await fail(1), await fail(2), await fail(3)];
      const first = await discard({ filter: { agent: 'orders' }, max: 2, reason: 'old' });
      expect(first.body).toMatchObject({ count: 2, remaining: 1 });
      expect((first.body['execution_ids'] as string[]).toSorted()).toEqual(failed.slice(0, 2).toSorted());
      const late = await fail(4);
      const cursor = first.body['next_cursor'];
      const rest = await discard({ filter: { agent: 'orders' }, max: 2, reason: 'old', cursor });
      expect(rest.body).toMatchObject({ count: 1, execution_ids: [failed[2]], remaining: 0, next_cursor: null });
      expect(await ids()).toEqual([late]);
    });

    it('not without a reason', async () => {
      const { status, text } = await discard({ all: true });
      expect([status, text]).toEqual([422, expect.stringContaining('reason: is required')]);
    });
  });
});

describe('Without a queue', () => {
  it('what has failed is retried in the same process', async () => {
    const gateway = await TestGateway.start({ agents: AGENTS, env: { LONGHAUL_QUEUE__BACKEND: 'none' } });
    broken = true;
    const { body } = await gateway.post('/v1/agents/orders/invoke', { input: { order: 1 } });
    broken = false;
    const retried = await gateway.post(`/v1/executions/${String(body['execution_id'])}/retry`, {});
    expect(retried.status).toBe(202);
    const done = await gateway.get(`${String(retried.body['poll_url'])}?wait=20`);
    expect(done.body).toMatchObject({ status: 'completed', output: { text: 'order 1' } });
    await gateway.stop();
  });
});

describe("Another owner's dead letters", () => {
  const keys = { alice: generateApiKey(), bob: generateApiKey(), reader: generateApiKey() };
  const yaml = `
auth:
  mode: api_key
  api_keys:
    - { name: alice, key: ${keys.alice}, owner: acme }
    - { name: bob, key: ${keys.bob}, owner: globex, scopes: [admin] }
    - { name: reader, key: ${keys.reader}, owner: acme, scopes: [executions:read] }
`;
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  let gateway: TestGateway;
  let id: string;
  beforeAll(async () => {
    gateway = await TestGateway.start({ agents: AGENTS, files: { 'gateway.yaml': yaml } });
    broken = true;
    const { body } = await gateway.post('/v1/agents/orders/invoke', { input: { order: 1 } }, as(keys.alice));
    id = String(body['execution_id']);
  });
  afterAll(() => gateway.stop());

  it('are seen and handled by nobody else, on any route', async () => {
    const { body } = await gateway.get('/openapi.json');
    const paths = Object.entries(body['paths'] as Record<string, Record<string, object>>);
    const routes = paths
      .filter(([path]) => path.startsWith('/v1/dead-letters') || path === '/v1/executions/{id}/retry')
      .flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    const asBob: Record<string, () => Promise<object>> = {
      'get /v1/dead-letters': () => gateway.get('/v1/dead-letters?state=all', as(keys.bob)),
      'get /v1/dead-letters/groups': () => gateway.get('/v1/dead-letters/groups', as(keys.bob)),
      'get /v1/dead-letters/{id}': () => gateway.get(`/v1/dead-letters/${id}`, as(keys.bob)),
      'post /v1/dead-letters/redrive': () =>
        gateway.post('/v1/dead-letters/redrive', { execution_ids: [id] }, as(keys.bob)),
      'post /v1/dead-letters/discard': () =>
        gateway.post('/v1/dead-letters/discard', { execution_ids: [id], reason: 'x' }, as(keys.bob)),
      'post /v1/executions/{id}/retry': () => gateway.post(`/v1/executions/${id}/retry`, {}, as(keys.bob)),
    };
    expect(routes.toSorted()).toEqual(Object.keys(asBob).toSorted());
    const nothing = { status: 200, body: { items: [] } };
    const absent = { status: 404, body: { code: 'not_found' } };
    const refused = { status: 200, body: { count: 0, refused: [{ execution_id: id, code: 'not_found' }] } };
    const answers = await Promise.all(Object.values(asBob).map((ask) => ask()));
    expect(answers).toMatchObject([nothing, nothing, absent, refused, refused, absent]);
    for (const verb of ['redrive', 'discard']) {
      const all = await gateway.post(
        `/v1/dead-letters/${verb}`,
        { all: true, ...(verb === 'discard' ? { reason: 'x' } : {}) },
        as(keys.bob),
      );
      expect(all.body).toMatchObject({ count: 0, remaining: 0 });
    }
    expect((await gateway.get(`/v1/dead-letters/${id}`, as(keys.reader))).body).toMatchObject({ state: 'open' });
  });

  it('are handled only with the scope for it', async () => {
    const detail = async (url: string, body: object) => (await gateway.post(url, body, as(keys.reader))).body['detail'];
    expect(await detail('/v1/dead-letters/redrive', { all: true })).toMatch('agents:run');
    expect(await detail('/v1/dead-letters/discard', { all: true, reason: 'x' })).toMatch('executions:cancel');
    expect(await detail(`/v1/executions/${id}/retry`, {})).toMatch('agents:run');
  });
});
