import { Ajv2020 } from 'ajv/dist/2020';
import { TestGateway } from './test-gateway';

/** What is served against what /openapi.json says of it. */
describe('the answers fit the document that the gateway serves:', () => {
  let gateway: TestGateway;
  let ajv: Ajv2020;
  beforeAll(async () => {
    gateway = await TestGateway.start();
    ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...(await gateway.get('/openapi.json')).body });
  });
  afterAll(() => gateway.stop());

  function expectFit(schema: string, body: unknown): void {
    const validate = ajv.getSchema(`api#/components/schemas/${schema}`);
    expect([schema, validate?.(body), validate?.errors]).toEqual([schema, true, null]);
  }

  it('of a life with a failed attempt, and of one that failed', async () => {
    const demo = { fail: 'retryable', fail_times: 1, sleep_ms: 0 };
    const accepted = await gateway.post('/v1/agents/slow/chat', { message: 'x', context: { demo } });
    expectFit('Accepted', accepted.body);
    const url = String(accepted.body['poll_url']);
    expectFit('Execution', (await gateway.get(url)).body);
    const record = await gateway.get(`${url}?wait=20`);
    expect(record.body).toMatchObject({ status: 'completed', attempt: 2 });
    expectFit('Execution', record.body);
    expectFit('RunList', (await gateway.get(`${url}/runs`)).body);
    expectFit('StepList', (await gateway.get(`${url}/steps?include=result`)).body);
    expectFit('ExecutionTree', (await gateway.get(`${url}/tree`)).body);
    const forked = await gateway.post(`${url}/fork`, { from_step: 'model:1', model: 'demo/echo' });
    expectFit('Accepted', forked.body);
    const other = String(forked.body['execution_id']);
    expectFit('Execution', (await gateway.get(`/v1/executions/${other}?wait=20`)).body);
    expectFit('ExecutionDiff', (await gateway.get(`${url}/diff/${other}?include=result`)).body);
    expectFit('EventList', (await gateway.get(`${url}/events`, { accept: 'application/json' })).body);
    const failed = await gateway.post('/v1/agents/failing/invoke', { input: { code: 'agent_error' } });
    expectFit('Problem', failed.body);
    expectFit('Execution', (await gateway.get(`/v1/executions/${String(failed.body['execution_id'])}`)).body);
    expectFit('ExecutionList', (await gateway.get('/v1/executions?limit=1')).body);
  });

  it('of a conversation and what was said in it', async () => {
    const { body } = await gateway.post('/v1/agents/quick/chat', { message: 'x' });
    const url = `/v1/conversations/${String(body['conversation_id'])}`;
    expectFit('Conversation', (await gateway.get(url)).body);
    expectFit('ConversationList', (await gateway.get('/v1/conversations')).body);
    const messages = await gateway.get(`${url}/messages`);
    expect(messages.body['items']).toHaveLength(2);
    expectFit('MessageList', messages.body);
  });

  it('of dead letters, and of what became of them', async () => {
    const fail = async () =>
      String((await gateway.post('/v1/agents/failing/invoke', { input: { code: 'timeout' } })).body['execution_id']);
    const [one, other] = [await fail(), await fail()];
    expectFit('DeadLetterGroupList', (await gateway.get('/v1/dead-letters/groups')).body);
    const nowhere = 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP';
    const body = { execution_ids: [one, nowhere] };
    const redriven = await gateway.post('/v1/dead-letters/redrive', { ...body, delay_s: 100 });
    expect(redriven.body).toMatchObject({ count: 1, refused: [{ execution_id: nowhere }] });
    expectFit('Redriven', redriven.body);
    expectFit('Accepted', (await gateway.post(`/v1/executions/${one}/retry`, {})).body);
    const discard = { all: true, reason: 'old' };
    expectFit('Discarded', (await gateway.post('/v1/dead-letters/discard', { ...discard, max: 1 })).body);
    const { body: list } = await gateway.get('/v1/dead-letters?state=all');
    expect((list['items'] as unknown[]).length).toBeGreaterThanOrEqual(2);
    expectFit('DeadLetterList', list);
    expectFit('DeadLetterDetail', (await gateway.get(`/v1/dead-letters/${other}`)).body);
  });

  it('of a ticket for a stream', async () => {
    const { status, body } = await gateway.post('/v1/stream-tickets', {});
    expect(status).toBe(201);
    expectFit('StreamTicket', body);
    expect((await gateway.post('/v1/stream-tickets?for=me', {})).status).toBe(422);
  });

  it('of webhook endpoints and deliveries', async () => {
    const made = await gateway.post('/v1/webhook-endpoints', {
      url: 'https://hooks.example.com/',
      description: 'mine',
    });
    expectFit('WebhookEndpointWithSecret', made.body);
    const url = `/v1/webhook-endpoints/${String(made.body['endpoint_id'])}`;
    expectFit('WebhookEndpoint', (await gateway.get(url)).body);
    expectFit('WebhookEndpointList', (await gateway.get('/v1/webhook-endpoints')).body);
    expectFit('WebhookEndpointWithSecret', (await gateway.post(`${url}/rotate-secret`, {})).body);
    expectFit('DeliveryOrdered', (await gateway.post(`${url}/test`, undefined)).body);
    expectFit('CallbackSecret', (await gateway.get('/v1/callback-secret')).body);
    const { body } = await gateway.get('/v1/deliveries');
    const [{ delivery_id } = { delivery_id: '' }] = body['items'] as { delivery_id: string }[];
    expectFit('DeliveryList', body);
    expectFit('DeliveryDetail', (await gateway.get(`/v1/deliveries/${delivery_id}`)).body);
    expectFit('Delivery', (await gateway.post(`/v1/deliveries/${delivery_id}/redeliver`, undefined)).body);
    const again = { delivery_ids: [delivery_id] };
    expectFit('Redelivered', (await gateway.post('/v1/deliveries/redeliver', again)).body);
    await gateway.ask({ method: 'DELETE', url });
  });

  it('of the workers', async () => {
    const { body } = await gateway.get('/v1/workers');
    expect(body['items']).toHaveLength(1);
    expectFit('WorkerList', body);
  });

  it('of the catalogue, of health and of a problem with several errors', async () => {
    expectFit('AgentList', (await gateway.get('/v1/agents')).body);
    expectFit('Agent', (await gateway.get('/v1/agents/typed')).body);
    expectFit('Health', (await gateway.get('/health/ready')).body);
    expectFit('Health', (await gateway.get('/health/live')).body);
    expectFit('Problem', (await gateway.post('/v1/agents/slow/chat', { mesage: 1 })).body);
  });

  it('and the document has a typed operation for each agent that has schemas, also for one that is code', async () => {
    const { body } = await gateway.get('/openapi.json');
    const typed = Object.keys(body['paths'] as object).filter((path) => /^\/v1\/agents\/[a-z-]+\/invoke$/.test(path));
    expect(typed).toEqual(['/v1/agents/typed/invoke']);
  });
});
