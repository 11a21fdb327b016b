import { generateApiKey } from '@longhaul/config';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually';
import { HttpSink } from '../../support/sinks/http-sink';
import { TestGateway } from './test-gateway';

const KEYS = { client: generateApiKey(), admin: generateApiKey() };
const as = (key: string) => ({ authorization: `Bearer ${key}` });
type Body = Record<string, unknown>;

describe('a target that the operator named', () => {
  let http: HttpSink;
  let gateway: TestGateway;

  beforeAll(async () => {
    http = await HttpSink.start();
    http.script = ({ path }) => (path.startsWith('/slack') ? { status: 400, body: { ok: false } } : { body: {} });
    const hook = `${http.url}/hook?token=t0ken`;
    const config = {
      auth: {
        mode: 'api_key',
        api_keys: [
          { name: 'client', key: KEYS.client, owner: 'acme', scopes: ['agents:run', 'executions:read'] },
          { name: 'admin', key: KEYS.admin, owner: 'acme', scopes: ['admin'] },
        ],
      },
      notifications: {
        slack: { token: 'xoxb-1234567', channel: '#all', api_url: `${http.url}/slack/` },
        defaults: {
          on_complete: [
            { channel: 'slack', to: '#secret-team' },
            { channel: 'webhook', to: hook },
          ],
        },
      },
      http: { allow_private_cidrs: ['127.0.0.0/8'] },
    };
    gateway = await TestGateway.start({ files: { 'gateway.yaml': JSON.stringify(config) } });
  });
  afterAll(async () => {
    await gateway.stop();
    http.stop();
  });

  /** An execution whose deliveries have ended, seen with that key. */
  async function ended(key: string, more: object, count: number): Promise<Body[]> {
    const id = await gateway.submit('slow', { message: 'x', ...more }, as(KEYS.client));
    return eventually(async () => {
      const { body } = await gateway.get(`/v1/deliveries?execution_id=${id}`, as(key));
      const items = body['items'] as Body[];
      return items.length === count && items.every(({ status }) => status !== 'pending') && items;
    });
  }
  const detail = async (delivery: Body | undefined, key: string) =>
    (await gateway.get(`/v1/deliveries/${String(delivery?.['delivery_id'])}`, as(key))).body;
  const of = (items: Body[], source: string, channel: string) =>
    items.find((item) => item['source'] === source && item['channel'] === channel);

  it('is shown to an admin, and of what left there others see that it did, and when', async () => {
    const items = await ended(KEYS.client, { callback_url: `${http.url}/mine` }, 3);
    const seen = [...items, ...(await Promise.all(items.map((item) => detail(item, KEYS.client))))];
    expect(JSON.stringify(seen)).not.toMatch(/secret-team|t0ken|excerpt":"\{\\"ok|last_error/);
    const alert = of(items, 'operator', 'slack');
    expect(await detail(alert, KEYS.client)).toEqual({
      delivery_id: expect.any(String) as string,
      event: 'execution.completed',
      channel: 'slack',
      source: 'operator',
      execution_id: expect.any(String) as string,
      agent: 'slow',
      status: 'failed',
      attempt: 1,
      created_at: expect.any(String) as string,
      ended_at: expect.any(String) as string,
      tries: [
        {
          attempt: 1,
          at: expect.any(String) as string,
          duration_ms: expect.any(Number) as number,
          outcome: 'failed',
        },
      ],
    });
    expect(of(items, 'client', 'webhook')).toMatchObject({ target: `${http.url}/mine`, last_status: 200 });
    expect(await detail(alert, KEYS.admin)).toMatchObject({
      target: '#secret-team',
      last_error: expect.any(String) as string,
      tries: [{ error: expect.any(String) as string }],
    });
  });

  it('is signed for with a secret that an admin may read, and no client', async () => {
    const url = '/v1/callback-secret?for=operator';
    expect(await gateway.get(url, as(KEYS.client))).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    const secret = async (from: string, key: string) => String((await gateway.get(from, as(key))).body['secret']);
    const callOf = (items: Body[], source: string) => {
      const id = of(items, source, 'webhook')?.['delivery_id'];
      const { text, headers } = http.seen.find((call) => call.headers['webhook-id'] === id) ?? {
        text: '',
        headers: {},
      };
      return (by: string) => new Webhook(by).verify(text, headers as Record<string, string>);
    };
    const items = await ended(KEYS.client, { callback_url: `${http.url}/mine` }, 3);
    const [operators, clients] = [await secret(url, KEYS.admin), await secret('/v1/callback-secret', KEYS.client)];
    expect(callOf(items, 'operator')(operators)).toMatchObject({ type: 'execution.completed' });
    expect(callOf(items, 'client')(clients)).toMatchObject({ type: 'execution.completed' });
    expect(() => callOf(items, 'operator')(clients)).toThrow(/signature/i);
  });

  it('is sent to again by an admin only', async () => {
    const items = await ended(KEYS.client, { callback_url: `${http.url}/mine` }, 3);
    const execution_id = items[0]?.['execution_id'];
    const alert = of(items, 'operator', 'slack');
    const url = `/v1/deliveries/${String(alert?.['delivery_id'])}/redeliver`;
    const refused = await gateway.post(url, undefined, as(KEYS.client));
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: expect.stringMatching(/operator.*scope admin/) as string },
    });
    const many = async (body: object, key = KEYS.client) =>
      (await gateway.post('/v1/deliveries/redeliver', body, as(key))).body['delivery_ids'];
    const mine = [of(items, 'client', 'webhook')?.['delivery_id']];
    expect(await many({ delivery_ids: items.map(({ delivery_id }) => delivery_id) })).toEqual(mine);
    expect(await many({ filter: { execution_id, status: 'failed' } })).toEqual([]);
    expect(await many({ all: true })).toEqual([]);
    expect(await many({ filter: { execution_id, status: 'failed' } }, KEYS.admin)).toEqual([alert?.['delivery_id']]);
    expect((await gateway.post(url, undefined, as(KEYS.admin))).status).toBe(202);
  });

  it("stays the operator's where a request names it too, or asks for a channel without saying whom", async () => {
    const callback_url = `${http.url}/hook?token=t0ken`;
    const items = await ended(KEYS.client, { callback_url, notify: 'slack' }, 3);
    expect(items.map(({ source }) => source)).toEqual(['operator', 'operator', 'operator']);
    expect(JSON.stringify(items)).not.toMatch(/#all|t0ken/);
  });
});
