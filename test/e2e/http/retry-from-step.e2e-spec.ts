import { Agent, type AgentHandler } from '@longhaul/agents';
import { Database } from '@longhaul/database';
import type { ExecutionContext } from '@longhaul/executions';
import { Invariants } from '@longhaul/executions/testing';
import { PermanentError } from '@longhaul/kernel';
import { describeOnDatabases } from '../../support/databases';
import { TestGateway } from './test-gateway';

/** What its steps did, in order; `ship` fails as long as the shop is closed. */
const done: string[] = [];
let open = false;

@Agent({ id: 'shop', maxRetries: 0 })
class ShopAgent implements AgentHandler {
  async run({ step }: ExecutionContext): Promise<string[]> {
    const work = (key: string) =>
      step.run(key, () => {
        done.push(key);
        if (key === 'ship' && !open) throw new PermanentError('closed');
        return `${key} ${done.length}`;
      });
    const results = [await work('price')];
    await step.sleep('nap', 1);
    return [...results, await work('charge'), await work('ship')];
  }
}

describeOnDatabases('Retry from a step', (get) => {
  let gateway: TestGateway;
  let failedId: string;
  beforeAll(async () => {
    const { backend, url } = get().options;
    const env = { LONGHAUL_PERSISTENCE__BACKEND: backend, LONGHAUL_PERSISTENCE__URL: url };
    gateway = await TestGateway.start({ agents: [ShopAgent], env });
  });
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    open = false;
    done.length = 0;
    const answer = await gateway.post('/v1/agents/shop/invoke', { input: 1 }, { prefer: 'respond-async' });
    failedId = String(answer.body['execution_id']);
    expect(await ended(failedId)).toMatchObject({ status: 'failed' });
    expect(done.splice(0)).toEqual(['price', 'charge', 'ship']);
    open = true;
  });
  afterEach(async () => {
    expect(await new Invariants(gateway.app.get(Database)).violations()).toEqual([]);
  });

  const ended = async (id: string) => (await gateway.get(`/v1/executions/${id}?wait=20`)).body;
  const retry = (body: object, id = failedId) => gateway.post(`/v1/executions/${id}/retry`, body);
  const steps = async (id: string) =>
    (await gateway.get(`/v1/executions/${id}/steps?include=result`)).body['items'] as Record<string, unknown>[];

  it.each([
    ['ship', ['ship'], 'price 1, charge 2, ship 1'],
    ['charge', ['charge', 'ship'], 'price 1, charge 1, ship 2'],
    ['price', ['price', 'charge', 'ship'], 'price 1, charge 2, ship 3'],
  ])('takes over what was recorded before "%s", and does the rest', async (fromStep, ran, output) => {
    const { status, body } = await retry({ from_step: fromStep });
    expect(status).toBe(202);
    const id = String(body['execution_id']);
    expect(await ended(id)).toMatchObject({ status: 'completed', output: output.split(', '), retry_of: failedId });
    expect(done).toEqual(ran);
    expect((await steps(id)).map(({ key, status: how }) => [key, how])).toEqual(
      ['price', 'nap', 'charge', 'ship'].map((key) => [key, 'completed']),
    );
    const events = await gateway.get(`/v1/executions/${id}/events`, { accept: 'application/json' });
    const [first] = events.body['items'] as { data: object }[];
    expect(first?.data).toMatchObject({ from_step: fromStep, retry_of: failedId });
  });

  it('shows its steps page by page', async () => {
    const url = `/v1/executions/${failedId}/steps`;
    const keysOf = (items: unknown) => (items as { key: string }[]).map(({ key }) => key);
    const first = (await gateway.get(`${url}?limit=3`)).body;
    expect(keysOf(first['items'])).toEqual(['price', 'nap', 'charge']);
    const rest = (await gateway.get(`${url}?limit=3&include=result&cursor=${String(first['next_cursor'])}`)).body;
    expect([keysOf(rest['items']), rest['next_cursor']]).toEqual([['ship'], null]);
    expect((await gateway.get(`${url}?cursor=bmFw`)).body).toMatchObject({ code: 'invalid_cursor' });
  });

  it('runs everything where no step is named', async () => {
    const { body } = await retry({});
    expect(await ended(String(body['execution_id']))).toMatchObject({ status: 'completed' });
    expect(done).toEqual(['price', 'charge', 'ship']);
  });

  it('is one execution when asked twice, and refused from another place', async () => {
    const { body } = await retry({ from_step: 'ship' });
    expect((await retry({ from_step: 'ship' })).body).toMatchObject({ execution_id: body['execution_id'] });
    const other = await retry({ from_step: 'charge' });
    expect([other.status, other.body['code']]).toEqual([409, 'already_retried']);
    await ended(String(body['execution_id']));
    expect(done).toEqual(['ship']);
  });

  it('names the step that was meant', async () => {
    const { status, text } = await retry({ from_step: 'charg' });
    expect(status).toBe(422);
    expect(text).toMatch(/unknown step .*charg.*did you mean .*charge/);
  });
});
