import { Agent, type AgentHandler } from '@longhaul/agents';
import { generateApiKey } from '@longhaul/config';
import { Database } from '@longhaul/database';
import type { ApprovalRequest, ExecutionContext } from '@longhaul/executions';
import { Invariants } from '@longhaul/executions/testing';
import { Ajv2020 } from 'ajv/dist/2020';
import { eventually } from '../../support/eventually';
import { TEST_AGENTS } from './test-agents';
import { type Answer, TestGateway } from './test-gateway';

/** Asks as it is asked to, and answers what it heard. */
@Agent({ id: 'refunds', maxRetries: 0 })
class RefundsAgent implements AgentHandler {
  async run({ step, input }: ExecutionContext) {
    const { ask } = input as unknown as { ask: ApprovalRequest };
    const { approved, arguments: args, feedback, decidedBy, expired } = await step.waitForApproval('refund', ask);
    return { approved, args, feedback, decidedBy, expired };
  }
}

/** Waits for `order.paid`, and answers its data. */
@Agent({ id: 'orders', maxRetries: 0 })
class OrdersAgent implements AgentHandler {
  async run({ step }: ExecutionContext) {
    return { paid: await step.waitForEvent('paid', { name: 'order.paid' }) };
  }
}

const KEYS = { ada: generateApiKey(), ben: generateApiKey(), client: generateApiKey(), stranger: generateApiKey() };
const ALL = '[agents:run, executions:read, executions:cancel, approvals:decide]';
const GATEWAY_YAML = `
auth:
  mode: api_key
  api_keys:
    - { name: ada, key: ${KEYS.ada}, owner: acme, scopes: ${ALL} }
    - { name: ben, key: ${KEYS.ben}, owner: acme, scopes: ${ALL} }
    - { name: client, key: ${KEYS.client}, owner: acme }
    - { name: stranger, key: ${KEYS.stranger}, owner: globex, scopes: [admin] }
`;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

const SCHEMA = {
  type: 'object',
  properties: { order: { type: 'integer' }, euro: { type: 'number', maximum: 100 } },
  required: ['order', 'euro'],
  additionalProperties: false,
};
const ASK = { subject: 'refund', arguments: { order: 7, euro: 40 }, schema: SCHEMA, message: 'May I?' };
const NOBODYS = 'appr_01JD8Z4M7T9QW2X5C6V8B0N3KY';

type Body = Record<string, unknown>;

describe('Approvals', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const agents = [...TEST_AGENTS, RefundsAgent, OrdersAgent];
    gateway = await TestGateway.start({ agents, files: { 'gateway.yaml': GATEWAY_YAML } });
  });
  afterAll(() => gateway.stop());
  afterEach(async () => {
    expect(await new Invariants(gateway.app.get(Database)).violations()).toEqual([]);
  });

  const get = async (url: string, key = KEYS.ada) => (await gateway.get(url, as(key))).body;
  const record = (id: string, waitS = 0) => get(`/v1/executions/${id}${waitS > 0 ? `?wait=${waitS}` : ''}`);
  const items = async (query: string, key = KEYS.ada) =>
    (await get(`/v1/approvals${query}`, key))['items'] as (Body & { approval_id: string })[];
  const decide = (id: string, body: unknown, key = KEYS.ada) =>
    gateway.post(`/v1/approvals/${id}/decision`, body, as(key));
  const cancel = (id: string) => gateway.post(`/v1/executions/${id}/cancel`, undefined, as(KEYS.ada));
  const errors = ({ body }: Answer) => body['errors'] as { path: string; message: string }[];

  async function start(agent: string, input: unknown): Promise<string> {
    const headers = { prefer: 'respond-async', ...as(KEYS.ada) };
    const { status, text, body } = await gateway.post(`/v1/agents/${agent}/invoke`, { input }, headers);
    if (status !== 202) throw new Error(text);
    return String(body['execution_id']);
  }

  /** An execution that waits for a person's word, and what it asks. */
  async function asked(more: Partial<ApprovalRequest> = {}): Promise<{ execution: string; id: string }> {
    const execution = await start('refunds', { ask: { ...ASK, ...more } });
    const [approval] = await eventually(async () => {
      const found = await items(`?execution_id=${execution}`);
      return found.length > 0 && found;
    });
    return { execution, id: approval?.approval_id ?? '' };
  }
  const events = async (execution: string) => {
    const url = `/v1/executions/${execution}/events?follow=false`;
    const { body } = await gateway.get(url, { accept: 'application/json', ...as(KEYS.ada) });
    return body['items'] as { type: string; data: Body }[];
  };

  it('shows exactly what is asked, and fits the document', async () => {
    const { execution, id } = await asked({ expiresInMs: 3_600_000 });
    const shown = await get(`/v1/approvals/${id}`);
    expect(shown).toEqual({
      approval_id: id,
      execution_id: execution,
      agent: 'refunds',
      step: 'refund',
      subject: 'refund',
      message: 'May I?',
      arguments: { order: 7, euro: 40 },
      schema: SCHEMA,
      on_expiry: 'reject',
      state: 'pending',
      requested_at: expect.any(String) as string,
      expires_at: expect.any(String) as string,
    });
    expect(await items(`?execution_id=${execution}&state=pending`)).toEqual([shown]);
    expect(await items(`?execution_id=${execution}&state=decided`)).toEqual([]);
    const decided = await decide(id, { decision: 'approve' });
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...(await gateway.get('/openapi.json')).body });
    for (const one of [shown, decided.body]) {
      expect(ajv.getSchema('api#/components/schemas/Approval')?.(one)).toBe(true);
    }
  });

  it('lets an execution go on as it asked, when a person approves', async () => {
    const { execution, id } = await asked();
    const { status, body } = await decide(id, { decision: 'approve' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ state: 'decided', decision: 'approve', decided_by: 'ada' });
    expect(body).not.toHaveProperty('changed_arguments');
    const output = { approved: true, args: ASK.arguments, feedback: null, decidedBy: 'ada', expired: false };
    expect(await record(execution, 20)).toMatchObject({ status: 'completed', output, attempt: 1 });
    expect((await events(execution)).filter(({ type }) => type.startsWith('approval.'))).toMatchObject([
      { type: 'approval.requested', data: { approval_id: id, subject: 'refund', arguments: ASK.arguments } },
      { type: 'approval.decided', data: { approval_id: id, approved: true, decided_by: 'ada' } },
    ]);
  });

  it('lets a person change the arguments, to what fits the schema', async () => {
    const { execution, id } = await asked();
    const refused = await decide(id, { decision: 'approve', arguments: { order: 7, euro: 400, euros: 4 } });
    expect([refused.status, refused.body['code']]).toEqual([422, 'invalid_request']);
    expect(errors(refused)).toEqual([
      { path: 'arguments.euros', message: 'unknown field "euros", did you mean "euro"?' },
      { path: 'arguments.euro', message: 'must be <= 100' },
    ]);
    // It can still be decided.
    expect(await get(`/v1/approvals/${id}`)).toMatchObject({ state: 'pending' });
    const changed = { order: 7, euro: 20 };
    const { status, body } = await decide(id, { decision: 'approve', arguments: changed, feedback: 'Half of it.' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ arguments: ASK.arguments, changed_arguments: changed, feedback: 'Half of it.' });
    expect(await record(execution, 20)).toMatchObject({ output: { args: changed, feedback: 'Half of it.' } });
  });

  it('takes any object instead of arguments that no schema describes', async () => {
    const execution = await start('refunds', { ask: { subject: 'refund', arguments: { euro: 1 } } });
    const [approval] = await eventually(async () => {
      const found = await items(`?execution_id=${execution}`);
      return found.length > 0 && found;
    });
    expect((await decide(approval?.approval_id ?? '', { decision: 'approve', arguments: { a: 1 } })).status).toBe(200);
    expect(await record(execution, 20)).toMatchObject({ output: { args: { a: 1 } } });
  });

  it('of an agent whose schema is none can be decided as it is', async () => {
    const { execution, id } = await asked({ schema: { type: 'objekt' } });
    const refused = await decide(id, { decision: 'approve', arguments: { euro: 1 } });
    expect([refused.status, errors(refused)[0]?.message]).toEqual([
      422,
      expect.stringMatching(/schema is not usable.*approve as it is, or reject/),
    ]);
    expect((await decide(id, { decision: 'reject' })).status).toBe(200);
    expect(await record(execution, 20)).toMatchObject({ output: { approved: false } });
  });

  it('brings the feedback of a person who rejects to the agent', async () => {
    const { execution, id } = await asked();
    const { body } = await decide(id, { decision: 'reject', feedback: 'The parcel came.' });
    expect(body).toMatchObject({ state: 'decided', decision: 'reject', feedback: 'The parcel came.' });
    const output = { approved: false, feedback: 'The parcel came.', args: ASK.arguments };
    expect(await record(execution, 20)).toMatchObject({ status: 'completed', output });
  });

  it('are decided once: whoever comes later is told who did, and when', async () => {
    const { execution, id } = await asked();
    const { body: first } = await decide(id, { decision: 'approve' });
    for (const decision of ['approve', 'reject']) {
      const { status, body } = await decide(id, { decision }, KEYS.ben);
      expect([status, body['code'], body['execution_id']]).toEqual([409, 'already_decided', execution]);
      expect(body['detail']).toMatch(`was approved by ada at ${String(first['decided_at'])}`);
    }
    expect(await record(execution, 20)).toMatchObject({ output: { approved: true, decidedBy: 'ada' } });
    expect((await decide(id, { decision: 'reject' })).body['code']).toBe('already_decided');
  });

  it('are over when the execution was cancelled meanwhile', async () => {
    const { execution, id } = await asked();
    await cancel(execution);
    const { status, body } = await decide(id, { decision: 'approve' });
    expect([status, body['code'], body['detail']]).toEqual([
      409,
      'approval_over',
      expect.stringMatching(/no longer asked for: exec_\w+ has ended/),
    ]);
    expect(await items(`?execution_id=${execution}&state=withdrawn`)).toMatchObject([{ approval_id: id }]);
    expect(await items(`?execution_id=${execution}&state=pending`)).toEqual([]);
    expect(await record(execution, 20)).toMatchObject({ status: 'cancelled' });
  });

  it.each(['approve', 'reject'] as const)('that nobody decides in time count as: %s', async (onExpiry) => {
    const { execution, id } = await asked({ expiresInMs: 50, onExpiry });
    const output = { approved: onExpiry === 'approve', expired: true, decidedBy: null };
    expect(await record(execution, 20)).toMatchObject({ status: 'completed', output });
    const { status, body } = await decide(id, { decision: 'approve' });
    expect([status, body['code'], body['detail']]).toEqual([
      409,
      'approval_over',
      expect.stringContaining(`counts as ${onExpiry === 'approve' ? 'approved' : 'rejected'}`),
    ]);
    const [shown] = await items(`?execution_id=${execution}&state=expired`);
    expect(shown).toMatchObject({ approval_id: id, decision: onExpiry });
    expect(shown).not.toHaveProperty('decided_by');
  });

  it('of another owner are not there, and deciding wants a scope of its own', async () => {
    const { execution, id } = await asked();
    for (const answer of [
      await gateway.get(`/v1/approvals/${id}`, as(KEYS.stranger)),
      await decide(id, { decision: 'approve' }, KEYS.stranger),
      await decide(NOBODYS, { decision: 'approve' }),
      await gateway.get('/v1/approvals/1', as(KEYS.ada)),
      // Another kind of wait has no such id.
      await gateway.get(`/v1/approvals/${id.replace('appr_', 'wait_')}`, as(KEYS.ada)),
    ]) {
      expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
    }
    expect(await items(`?execution_id=${execution}`, KEYS.stranger)).toEqual([]);
    expect(await items(`?execution_id=${execution}`, KEYS.client)).toHaveLength(1);
    const { status, body } = await decide(id, { decision: 'approve' }, KEYS.client);
    expect([status, body['detail']]).toEqual([403, expect.stringContaining('lacks the scope approvals:decide')]);
    await cancel(execution);
  });

  it('are listed newest first, page by page', async () => {
    const made = [await asked(), await asked(), await asked()].toReversed();
    const page = await get('/v1/approvals?limit=2&state=pending');
    const next = await get(`/v1/approvals?limit=2&state=pending&cursor=${String(page['next_cursor'])}`);
    const seen = [page, next].flatMap(({ items: some }) => (some as Body[]).map(({ approval_id: id }) => id));
    expect(seen.slice(0, 3)).toEqual(made.map(({ id }) => id));
    await Promise.all(made.map(({ execution }) => cancel(execution)));
  });

  it.each<[unknown, string, string]>([
    [{}, 'decision', 'is required'],
    [{ decision: null }, 'decision', 'is required'],
    [{ decision: 'approved' }, 'decision', 'expected one of approve, reject, got "approved"; did you mean "approve"?'],
    [{ decision: true }, 'decision', 'expected one of approve, reject, got true'],
    [{ decision: 'approve', arguments: [] }, 'arguments', 'expected object, got array'],
    [{ decision: 'approve', arguments: '{}' }, 'arguments', 'expected object, got string'],
    [{ decision: 'approve', argument: {} }, 'argument', 'unknown field "argument", did you mean "arguments"?'],
    [{ decision: 'reject', arguments: {} }, 'arguments', 'goes with "decision": "approve" only'],
    [{ decision: 'reject', feedback: '' }, 'feedback', 'must not be empty'],
    [{ decision: 'reject', feedback: 'x'.repeat(4_001) }, 'feedback', 'expected at most 4000 characters, got 4001'],
    [{ decision: 'reject', by: 'me' }, 'by', 'unknown field "by"'],
  ])('a bad decision gets the clear error: %j', async (body, path, message) => {
    const answer = await decide(NOBODYS, body);
    expect([answer.status, answer.body['code']]).toEqual([422, 'invalid_request']);
    expect(errors(answer)).toContainEqual({ path, message: expect.stringContaining(message) });
  });

  it.each([
    ['state=open', 422, 'expected one of pending, decided, expired, withdrawn'],
    ['execution_id=1', 422, 'expected an id such as exec_01J…'],
    ['limit=101', 422, 'expected whole number from 1 to 100'],
    ['agent=x', 422, 'unknown query parameter "agent"'],
    ['cursor=x', 400, 'cursor is not one of ours'],
  ])('a bad query gets the clear error: %s', async (query, status, words) => {
    const answer = await gateway.get(`/v1/approvals?${query}`, as(KEYS.ada));
    expect([answer.status, answer.body['detail']]).toEqual([status, expect.stringContaining(words)]);
  });

  describe('decided by two who approve, one who rejects, and a cancellation, all at once', () => {
    it.each([
      ['and never expire', {}],
      ['and expire', { expiresInMs: 20 }],
    ])('have one outcome, which the log tells: %s', async (_name, more) => {
      for (let round = 0; round < 8; round += 1) {
        const { execution, id } = await asked(more);
        const asks = [
          () => decide(id, { decision: 'approve' }, KEYS.ada),
          () => decide(id, { decision: 'approve', arguments: { order: 7, euro: 1 } }, KEYS.ben),
          () => decide(id, { decision: 'reject' }, KEYS.ben),
        ];
        const cancelled = round % 2 === 0 ? [cancel(execution)] : [];
        const answers = await Promise.all([...asks.slice(round % 3), ...asks.slice(0, round % 3)].map((ask) => ask()));
        await Promise.all(cancelled);
        const { status, output } = (await record(execution, 20)) as { status: string; output?: Body };
        const won = answers.filter((answer) => answer.status === 200);
        expect(won.length).toBeLessThanOrEqual(1);
        for (const answer of answers.filter((one) => !won.includes(one))) {
          expect([answer.status, answer.body['code']]).toEqual([
            409,
            expect.stringMatching(/^(already_decided|approval_over)$/),
          ]);
        }
        const log = await events(execution);
        const decided = log.filter(({ type }) => type === 'approval.decided');
        const expired = decided.filter(({ data }) => data['expired'] === true);
        expect(decided).toHaveLength(won.length + expired.length);
        expect(decided.length).toBeLessThanOrEqual(1);
        expect(log.filter(({ type }) => type === 'approval.requested')).toHaveLength(1);
        if (status !== 'completed') {
          expect([status, cancelled.length]).toEqual(['cancelled', 1]);
          continue;
        }
        expect(decided).toHaveLength(1);
        const [said] = won;
        expect(output).toMatchObject({
          approved: said?.body['decision'] === 'approve',
          expired: said === undefined,
          decidedBy: said?.body['decided_by'] ?? null,
          args: said?.body['changed_arguments'] ?? ASK.arguments,
        });
      }
    });
  });
});

describe('POST /v1/events', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const agents = [...TEST_AGENTS, OrdersAgent];
    gateway = await TestGateway.start({ agents, files: { 'gateway.yaml': GATEWAY_YAML } });
  });
  afterAll(() => gateway.stop());

  const send = (body: unknown, key = KEYS.ada) => gateway.post('/v1/events', body, as(key));
  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}?wait=20`, as(KEYS.ada))).body;

  async function waiting(): Promise<string> {
    const headers = { prefer: 'respond-async', ...as(KEYS.ada) };
    const { body } = await gateway.post('/v1/agents/orders/invoke', { input: {} }, headers);
    const id = String(body['execution_id']);
    await eventually(async () => {
      const { status } = (await gateway.get(`/v1/executions/${id}`, as(KEYS.ada))).body;
      return status === 'waiting';
    });
    return id;
  }

  it('reaches those that wait for it, of its owner, or one of them', async () => {
    const [one, other] = [await waiting(), await waiting()];
    expect((await send({ name: 'order.paid' }, KEYS.stranger)).body).toEqual({ delivered_to: [] });
    expect((await send({ name: 'order.lost' })).body).toEqual({ delivered_to: [] });
    const first = await send({ name: 'order.paid', data: { by: 'card' }, execution_id: one });
    expect([first.status, first.body]).toEqual([202, { delivered_to: [one] }]);
    expect(await record(one)).toMatchObject({ status: 'completed', output: { paid: { by: 'card' } } });
    expect((await send({ name: 'order.paid' })).body).toEqual({ delivered_to: [other] });
    expect(await record(other)).toMatchObject({ status: 'completed', output: { paid: null } });
    expect((await send({ name: 'order.paid' })).body).toEqual({ delivered_to: [] });
  });

  it("does not tell of another owner's execution", async () => {
    const id = await waiting();
    const { status, body } = await send({ name: 'order.paid', execution_id: id }, KEYS.stranger);
    expect([status, body['code']]).toEqual([404, 'not_found']);
    expect((await send({ name: 'order.paid', data: 7 })).body).toEqual({ delivered_to: [id] });
  });

  it.each<[unknown, string, string]>([
    [{}, 'name', 'is required'],
    [{ name: '' }, 'name', 'must not be empty'],
    [{ name: 5 }, 'name', 'expected string, got number'],
    [{ name: 'x'.repeat(201) }, 'name', 'expected at most 200 characters, got 201'],
    [{ name: 'a\0b' }, 'name', 'NUL'],
    [{ name: 'x', execution_id: 'appr_1' }, 'execution_id', 'expected an id such as exec_01J…'],
    [{ name: 'x', payload: 1 }, 'payload', 'unknown field "payload"'],
  ])('a bad event gets the clear error: %j', async (body, path, message) => {
    const answer = await send(body);
    expect([answer.status, answer.body['code']]).toEqual([422, 'invalid_request']);
    expect(answer.body['errors']).toContainEqual({ path, message: expect.stringContaining(message) });
  });
});
