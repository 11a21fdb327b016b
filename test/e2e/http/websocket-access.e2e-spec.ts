import { Database } from '@longhaul/database';
import { newId } from '@longhaul/kernel';
import { eventually } from '../../support/eventually';
import { StreamClient } from '../../support/stream-client';
import { TestGateway } from './test-gateway';

const KEYS = `auth:
  mode: api_key
  api_keys:
    - { name: ada, key: the-key-of-ada-000, owner: ada, scopes: [agents:run, executions:read] }
    - { name: bob, key: the-key-of-bob-000, owner: bob, scopes: [agents:run] }
    - { name: eve, key: the-key-of-eve-000, owner: eve }
server:
  allowed_origins: ['https://app.example.com']
  streams: { per_key: 3 }
`;
const keyOf = (name: string) => `the-key-of-${name}-000`;
const as = (name: string) => ({ authorization: `Bearer ${keyOf(name)}` });

describe('a WebSocket with auth.mode api_key', () => {
  let gateway: TestGateway;
  let url: string;
  let id: string;
  const open: StreamClient[] = [];
  beforeAll(async () => {
    gateway = await TestGateway.start({ files: { 'gateway.yaml': KEYS } });
    url = await gateway.listen();
    id = await gateway.submit('slow', { message: 'secret' }, as('ada'));
  });
  afterAll(() => gateway.stop());
  afterEach(async () => {
    for (const client of open.splice(0)) client.close();
  });

  async function connect(path = '', headers: Record<string, string> = {}): Promise<StreamClient> {
    const client = await StreamClient.open(url, `/v1/stream${path}`, headers);
    open.push(client);
    return client;
  }
  const ticketOf = async (name: string) =>
    String((await gateway.post('/v1/stream-tickets', {}, as(name))).body['ticket']);
  async function canFollow(client: StreamClient): Promise<void> {
    client.send({ type: 'subscribe', execution_id: id });
    await client.end(id);
  }

  it.each([
    ['a key in Authorization', () => connect('', as('ada'))],
    ['a ticket in the URL', async () => connect(`?ticket=${await ticketOf('ada')}`)],
  ])('lets in by %s', async (_name, enter) => {
    await canFollow(await enter());
  });

  it.each([
    ['key', () => Promise.resolve({ key: keyOf('ada') })],
    ['ticket', async () => ({ ticket: await ticketOf('ada') })],
  ])('lets in by a %s in the first message', async (_name, credentials) => {
    const client = await connect();
    client.send({ type: 'auth', ...(await credentials()) });
    await client.next('authenticated');
    await canFollow(client);
  });

  it('shows nobody what is somebody else’s', async () => {
    const client = await connect('', as('eve'));
    const answer = await client.refused({ type: 'subscribe', execution_id: id });
    expect(answer).toMatchObject({ code: 'not_found', execution_id: id });
    const conversation_id = newId('conv');
    await gateway.submit('slow', { message: 'x', conversation_id }, as('ada'));
    expect(await client.refused({ type: 'subscribe', conversation_id })).toMatchObject({ code: 'not_found' });
  });

  it.each([
    ['a wrong key in Authorization', '', { authorization: 'Bearer wrong' }, '401', 'not known'],
    [
      'a key in the URL',
      '?key=the-key-of-ada-000',
      {},
      '401',
      'in Authorization: Bearer <key> (to a WebSocket also in the first message)',
    ],
    ['a ticket that nobody issued', '?ticket=lht_x', {}, '401', 'the ticket is not known to this gateway'],
    ['an unknown parameter', '?tikcet=lht_x', {}, '422', 'did you mean'],
    ['a key without the scope', '', as('bob'), '403', 'lacks the scope executions:read'],
    ['another page', '', { origin: 'https://evil.example' }, '403', 'server.allowed_origins'],
    ['a page without an origin', '', { origin: 'null' }, '403', 'server.allowed_origins'],
  ])('refuses %s before the upgrade', async (_name, path, headers, status, words) => {
    const refusal = await connect(path, headers).then(
      () => 'opened',
      (error: Error) => error.message,
    );
    expect(refusal).toMatch(new RegExp(`^${status} `));
    expect(refusal.replaceAll('\\"', '"')).toContain(words);
  });

  it('lets in pages of its own origin, and those that are named', async () => {
    for (const origin of [url, 'https://app.example.com']) await canFollow(await connect('', { ...as('ada'), origin }));
  });

  it('takes a ticket once', async () => {
    const ticket = await ticketOf('ada');
    await canFollow(await connect(`?ticket=${ticket}`));
    await expect(connect(`?ticket=${ticket}`)).rejects.toThrow('the ticket was used before');
    const client = await connect();
    client.send({ type: 'auth', ticket });
    await eventually(() => client.closed !== undefined);
    expect(client.frames).toMatchObject([{ type: 'error', code: 'unauthenticated' }]);
    expect(client.closed).toEqual({ code: 1008, reason: 'unauthenticated' });
  });

  it('takes no ticket that has expired', async () => {
    const ticket = await ticketOf('ada');
    await gateway.app.get(Database).run('UPDATE stream_tickets SET expires_at = expires_at - 31000');
    await expect(connect(`?ticket=${ticket}`)).rejects.toThrow('the ticket has expired: it was good for 30 s');
  });

  it.each([
    ['another message first', { type: 'subscribe', execution_id: 'exec_1' }, 'unauthenticated', 'not_found'],
    ['a wrong key', { type: 'auth', key: 'wrong' }, 'unauthenticated'],
    ['a key without the scope', { type: 'auth', key: keyOf('bob') }, 'forbidden'],
    ['no key at all', { type: 'auth' }, 'invalid_request'],
    ['what is no JSON', 'hello', 'invalid_json'],
  ])('closes the connection of one who sends %s', async (_name, message, ...codes) => {
    const client = await connect();
    client.send(message);
    await eventually(() => client.closed !== undefined);
    expect(codes).toContain(client.of('error')[0]?.code);
    expect(client.closed?.code).toBe(1008);
  });

  it('closes the connection of one who says nothing', async () => {
    const client = await connect();
    await eventually(() => client.closed !== undefined);
    expect(client.of('error')[0]?.message).toBe('no key and no ticket within 5 s');
  });

  it('lets nobody become somebody else', async () => {
    const client = await connect();
    client.send({ type: 'auth', key: keyOf('ada') });
    await client.next('authenticated');
    expect((await client.refused({ type: 'auth', key: keyOf('eve') })).message).toContain('known already');
    await canFollow(client);
    const other = await connect('', as('ada'));
    expect((await other.refused({ type: 'auth', key: keyOf('eve') })).message).toContain('known already');
  });

  it('counts each connection as a stream of its owner, whenever he said who he is', async () => {
    const late = await connect();
    late.send({ type: 'auth', key: keyOf('eve') });
    await late.next('authenticated');
    await connect('', as('eve'));
    await connect('', as('eve'));
    await expect(connect('', as('eve'))).rejects.toMatchObject({
      message: expect.stringMatching(/^429 .*too_many_streams/) as string,
      headers: expect.objectContaining({ 'retry-after': '5' }) as object,
    });
    const tooLate = await connect();
    tooLate.send({ type: 'auth', key: keyOf('eve') });
    await eventually(() => tooLate.closed?.code === 1013);
    expect(tooLate.of('error')[0]?.code).toBe('too_many_streams');
    late.close();
    await eventually(() => connect('', as('eve')));
  });

  it('asks ordinary requests for a key first', async () => {
    expect((await gateway.get('/v1/stream')).status).toBe(401);
    expect((await gateway.get(`/v1/stream?ticket=${await ticketOf('ada')}`)).status).toBe(401);
  });

  it('refuses a handshake that is none', async () => {
    const handshake = { ...as('ada'), connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '5' };
    expect(await rawRequest(`${url}/v1/stream`, handshake)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('answers who wants another protocol as if nothing had been said of it', async () => {
    const headers = { ...as('ada'), connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' };
    expect(await rawRequest(`${url}/v1/agents`, headers)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await rawRequest(`${url}/v1/nothing`, { ...headers, upgrade: 'websocket' })).toMatch(/^HTTP\/1\.1 404 /);
  });
});

/** Over a bare socket: clients do not let these headers through. */
async function rawRequest(address: string, headers: Record<string, string>): Promise<string> {
  const { connect } = await import('node:net');
  const { hostname, port, pathname } = new URL(address);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join('')}\r\n`),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}
