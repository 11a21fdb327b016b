import { TestGateway, type Answer } from './test-gateway';

const CHAT = '/v1/agents/slow/chat';
const LIST = '/v1/executions';
const JSON_TYPE = { 'content-type': 'application/json' };
const deep = (levels: number) => `{"message":"x","context":${'{"a":'.repeat(levels - 1)}1${'}'.repeat(levels - 1)}}`;
const issues = ({ body }: Answer) => (body['errors'] ?? []) as { path: string; message: string }[];

function expectProblem(answer: Answer, status: number, code: string, words: string | RegExp): void {
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
  expect(answer.headers['content-type']).toMatch('application/problem+json');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.body).toMatchObject({
    type: `urn:longhaul:problem:${code}`,
    title: expect.any(String),
    status,
    instance: expect.stringMatching(/^\/[^?]*$/),
    trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(`${String(answer.body['detail'])} ${JSON.stringify(issues(answer))}`).toMatch(words);
}

/** Each bad input, the status and code that it must get, and words of the message that mends it. */
describe('a bad input gets the clear error:', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start({ worker: false })));
  afterAll(() => gateway.stop());

  describe('a body', () => {
    it.each<[string, string | Buffer, number, string, string | RegExp]>([
      ['that is empty', '', 400, 'body_required', 'send a JSON object'],
      ['cut off', '{"a":', 400, 'invalid_json', 'the end at line 1, column 6'],
      [
        'with a word that is no JSON',
        '{\n "message": yes}',
        400,
        'invalid_json',
        'unexpected "y" at line 2, column 13',
      ],
      ['not in UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'invalid_json', 'not UTF-8'],
      [
        'of 300 KB',
        JSON.stringify({ message: 'x'.repeat(300_000) }),
        413,
        'payload_too_large',
        '256 KiB (server.max_body_kb)',
      ],
      ['of a million [', '['.repeat(1_000_000), 413, 'payload_too_large', 'server.max_body_kb'],
      ['of 200,000 [', '['.repeat(200_000), 400, 'invalid_json', 'column 200001'],
      ['40 levels deep', deep(40), 422, 'invalid_request', 'nested deeper than 32 levels'],
      ['with __proto__', '{"message":"x","__proto__":{"a":1}}', 400, 'invalid_json', '__proto__'],
      ['with a hidden __proto__', '{"message":"x","context":{"__pro\\u0074o__":1}}', 400, 'invalid_json', '__proto__'],
      ['with constructor.prototype', '{"constructor":{"prototype":{}}}', 400, 'invalid_json', 'constructor'],
      ['with NUL', '{"message":"a\\u0000b"}', 422, 'invalid_request', /message.*NUL/],
      [
        'with half a character',
        '{"message":"x","context":{"a":["\\ud83d"]}}',
        422,
        'invalid_request',
        /context\.a\[0\].*surrogate/,
      ],
      ['that is a list', '[]', 422, 'invalid_request', 'expected object, got array'],
      ['that is null', 'null', 422, 'invalid_request', 'expected object, got null'],
      ['that is a string', '"x"', 422, 'invalid_request', 'expected object, got string'],
    ])('%s', async (_name, body, status, code, words) => {
      expectProblem(await gateway.raw(CHAT, body, JSON_TYPE), status, code, words);
    });

    it('as text/plain, as a form, or as nothing that it says', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
        expectProblem(await gateway.raw(CHAT, '{}', { 'content-type': type }), 415, 'unsupported_media_type', type);
      }
      expectProblem(await gateway.ask({ method: 'POST', url: CHAT }), 400, 'body_required', 'no body');
    });

    it('is taken with another JSON type, a charset, and 32 levels', async () => {
      for (const type of ['application/json; charset=utf-8', 'application/vnd.acme+json']) {
        expect((await gateway.raw(CHAT, deep(31), { 'content-type': type })).status).toBe(202);
      }
    });
  });

  describe('a field', () => {
    it.each<[object, string, string]>([
      [{}, 'message', 'is required'],
      [{ message: null }, 'message', 'is required'],
      [{ message: '' }, 'message', 'must not be empty'],
      [{ message: ' \n' }, 'message', 'must not be empty'],
      [{ message: 5 }, 'message', 'expected string, got number'],
      [{ message: ['a'] }, 'message', 'expected string, got array'],
      [{ message: 'x', mesage: 'y' }, 'mesage', 'unknown field "mesage", did you mean "message"?'],
      [{ message: 'x', constructor: 1 }, 'constructor', 'unknown field "constructor"'],
      [{ message: 'x', context: [] }, 'context', 'expected object, got array'],
      [{ message: 'x', metadata: 'a' }, 'metadata', 'expected object, got string'],
      [{ message: 'x', tags: 'a' }, 'tags', 'expected array of strings, got string'],
      [{ message: 'x', tags: ['a', 1] }, 'tags', 'expected strings of 1 to 64 characters, item 1 is not'],
      [{ message: 'x', conversation_id: 'c1' }, 'conversation_id', 'expected an id such as conv_01JD…'],
      [{ message: 'x', priority: 'urgent' }, 'priority', 'expected one of high, default, low, got "urgent"'],
      [{ message: 'x', priority: 99999 }, 'priority', 'expected one of high, default, low, got 99999'],
      [{ message: 'x', priority: 'hig' }, 'priority', 'did you mean "high"?'],
      [{ message: 'x', timeout_s: -1 }, 'timeout_s', 'expected number from 0.1 to 86400, got -1'],
      [{ message: 'x', timeout_s: 'NaN' }, 'timeout_s', 'expected number from 0.1 to 86400, got string'],
      [{ message: 'x', delay_s: 1e9 }, 'delay_s', 'expected number from 0 to 2592000, got 1000000000'],
      [{ message: 'x', max_retries: 1.5 }, 'max_retries', 'expected whole number from 0 to 100, got 1.5'],
    ])('%j', async (body, path, message) => {
      const answer = await gateway.post(CHAT, body);
      expectProblem(answer, 422, 'invalid_request', '');
      expect(issues(answer)).toContainEqual({ path, message: expect.stringContaining(message) });
    });

    it('that is NaN is no JSON', async () => {
      const answer = await gateway.raw(CHAT, '{"message":"x","timeout_s":NaN}', JSON_TYPE);
      expectProblem(answer, 400, 'invalid_json', 'unexpected "N" at line 1, column 28');
    });

    it('comes with all the others that are wrong', async () => {
      const answer = await gateway.post(CHAT, { message: 5, priority: 'urgent', nope: 1 });
      expect(new Set(issues(answer).map(({ path }) => path))).toEqual(new Set(['nope', 'message', 'priority']));
      expect(answer.body['detail']).toMatch('and 2 more: see errors');
    });

    it('that is missing in an invoke', async () => {
      expectProblem(await gateway.post('/v1/agents/slow/invoke', {}), 422, 'invalid_request', 'input: is required');
    });
  });

  describe('a callback_url', () => {
    it.each([
      ['http://169.254.169.254/latest', 'linkLocal'],
      ['http://2130706433/', 'loopback'],
      ['http://0x7f.1/', 'loopback'],
      ['http://[::ffff:a9fe:a9fe]/', 'linkLocal'],
      ['http://[64:ff9b::7f00:1]/', 'rfc6052'],
      ['http://localhost./', 'loopback'],
      ['file:///etc/passwd', 'only http and https'],
      ['gopher://example.com/', 'only http and https'],
      ['https://user:pw@example.com/', 'user or password'],
      ['https://example.com:22/', 'port 22 is not allowed'],
    ])('%s', async (callback_url, words) => {
      expectProblem(await gateway.post(CHAT, { message: 'x', callback_url }), 422, 'invalid_request', words);
    });

    it('that is missing while callback_body says how it is called', async () => {
      const answer = await gateway.post(CHAT, { message: 'x', callback_body: 'whole' });
      expectProblem(answer, 422, 'invalid_request', 'how callback_url is called, which is missing');
    });

    it.each<[unknown, string, RegExp]>([
      [5, 'notify', /expected a channel such as slack/],
      ['slak', 'notify', /unknown channel "slak", did you mean "slack"\?; there are slack/],
      [['slack'], 'notify[0]', /slack is not configured/],
      [[{ chanel: 'slack' }], 'notify', /expected a channel/],
      [[{ channel: 'webhook' }], 'notify[0]', /webhook needs "to"/],
      [{ channel: 'webhook', to: ['https://example.com/', 'http://169.254.169.254/'] }, 'notify.to[1]', /public/],
      [Array(21).fill('slack'), 'notify', /at most 20 recipients, got 21/],
    ])('a notify of %j', async (notify, path, words) => {
      const answer = await gateway.post(CHAT, { message: 'x', notify });
      expectProblem(answer, 422, 'invalid_request', words);
      expect(answer.body['errors']).toContainEqual(expect.objectContaining({ path }));
    });
  });

  describe('a header', () => {
    it.each([
      ['idempotency-key', 'k'.repeat(300), 'expected 1 to 255 printable ASCII characters, got 300'],
      ['idempotency-key', 'schlüssel', 'expected 1 to 255 printable ASCII characters'],
      ['idempotency-key', '', 'expected 1 to 255 printable ASCII characters'],
      ['x-correlation-id', 'c'.repeat(257), 'expected 1 to 256 printable ASCII characters, got 257'],
    ])('%s: %s', async (name, value, words) => {
      expectProblem(await gateway.post(CHAT, { message: 'x' }, { [name]: value }), 422, 'invalid_request', words);
    });

    it('traceparent that is malformed is ignored; one that is not gives the problem its trace_id', async () => {
      expect((await gateway.post(CHAT, { message: 'x' }, { traceparent: 'nonsense' })).status).toBe(202);
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const { body } = await gateway.post(CHAT, {}, { traceparent });
      expect(body['trace_id']).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    });
  });

  describe('a path', () => {
    it.each([
      ['an agent that is not there', '/v1/agents/slo', 'did you mean "slow"'],
      ['..', '/v1/agents/..%2f..%2fetc%2fpasswd', 'no such agent'],
      ['blanks', '/v1/agents/A%20B', 'no such agent'],
      ['300 characters', `/v1/agents/${'a'.repeat(300)}`, 'no such agent'],
      ['3,000 characters', `/v1/agents/${'a'.repeat(3_000)}`, 'no such route'],
      ['NUL', '/v1/agents/%00', 'no such agent'],
      ['a broken escape', '/v1/agents/%zz', 'no such route'],
      ['no execution id', '/v1/executions/1', 'no such execution'],
      ['an execution that is not there', '/v1/executions/exec_01JD8Z4M7T9QW2X5C6V8B0N3KP', 'no execution'],
      ['a route that is not there', '/v1/agent', 'did you mean /v1/agents?'],
      ['a route that is not there, far from any', '/wp-admin/install.php', 'GET /docs lists them all'],
    ])('with %s', async (_name, path, words) => {
      expectProblem(await gateway.get(path), 404, 'not_found', words);
    });

    it('../../etc/passwd as an agent of a chat', async () => {
      expectProblem(
        await gateway.post('/v1/agents/../../etc/passwd/chat', { message: 'x' }),
        404,
        'not_found',
        'no route',
      );
    });

    it('with a method that it does not have names those that it has', async () => {
      const answer = await gateway.ask({ method: 'DELETE', url: LIST });
      expectProblem(answer, 405, 'method_not_allowed', 'only GET, HEAD');
      expect(answer.headers['allow']).toBe('GET, HEAD');
      expect((await gateway.ask({ method: 'GET', url: CHAT })).headers['allow']).toBe('POST');
    });

    it('of an agent that is disabled', async () => {
      const answer = await gateway.post('/v1/agents/off/chat', { message: 'x' });
      expectProblem(answer, 409, 'agent_disabled', 'set enabled: true in agents/off/AGENT.md');
    });
  });

  describe('a query', () => {
    it.each([
      ['limit=100000', 'limit: expected whole number from 1 to 100, got .{1,3}100000'],
      ['limit=0', 'from 1 to 100'],
      ['limit=2.5', 'whole number'],
      ['limit=ten', 'from 1 to 100'],
      ['limit=1&limit=2', 'from 1 to 100'],
      ['status=DONE', 'expected one of queued, running, waiting, completed, failed, cancelled, got .{1,3}DONE'],
      ['status=queued,Failed', 'did you mean'],
      ['statsu=queued', 'unknown query parameter .{1,3}statsu.{1,3}, did you mean .{1,3}status'],
      ['__proto__=a&__proto__=b', 'unknown query parameter'],
      ['created_after=yesterday', 'expected a moment such as'],
      ['created_after=2026-13-45', 'expected a moment such as'],
      ['agent=', 'must not be empty'],
    ])('%s', async (query, words) => {
      expectProblem(await gateway.get(`${LIST}?${query}`), 422, 'invalid_request', new RegExp(words));
    });

    describe('of an event stream', () => {
      let events: string;
      beforeAll(async () => (events = `/v1/executions/${await gateway.submit('slow', { message: 'x' })}/events`));

      it.each([
        [
          'after=17',
          400,
          'invalid_cursor',
          'after: there is no event 17: the last event is 0; send 0 for what comes next',
        ],
        ['after=1&follow=false', 400, 'invalid_cursor', 'the last event is 0'],
        ['after=-2', 422, 'invalid_request', 'after: expected whole number from -1 to 2147483647, got .{1,3}-2'],
        ['after=1.5', 422, 'invalid_request', 'after: expected whole number'],
        ['after=last', 422, 'invalid_request', 'after: expected whole number'],
        ['after=99999999999', 422, 'invalid_request', 'after: expected whole number'],
        ['after=0&after=1', 422, 'invalid_request', 'after: expected whole number'],
        ['follow=no', 422, 'invalid_request', 'follow: expected one of true, false'],
        ['last_event_id=0', 422, 'invalid_request', 'unknown query parameter .{1,3}last_event_id'],
      ])('%s', async (query, status, code, words) => {
        for (const accept of ['text/event-stream', 'application/json']) {
          expectProblem(await gateway.get(`${events}?${query}`, { accept }), status, code, new RegExp(words));
        }
      });

      it.each([
        ['1', 400, 'invalid_cursor', 'Last-Event-ID: there is no event 1: the last event is 0'],
        ['-1', 422, 'invalid_request', 'Last-Event-ID: expected the id of an event, a whole number'],
        ['abc', 422, 'invalid_request', 'Last-Event-ID: expected the id of an event, a whole number'],
        ['', 422, 'invalid_request', 'Last-Event-ID: expected the id of an event, a whole number'],
        ['99999999999', 422, 'invalid_request', 'Last-Event-ID: expected the id of an event, a whole number'],
      ])('with the Last-Event-ID "%s"', async (id, status, code, words) => {
        expectProblem(await gateway.get(`${events}?after=0`, { 'last-event-id': id }), status, code, words);
      });

      it('in a form that it does not have, or of nothing', async () => {
        expectProblem(await gateway.get(events, { accept: 'image/png' }), 406, 'not_acceptable', 'text/event-stream');
        const absent = events.replace(/exec_.{26}/, 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP');
        expectProblem(await gateway.get(absent), 404, 'not_found', 'no execution');
        expectProblem(await gateway.get('/v1/executions/1/events'), 404, 'not_found', 'no such execution');
      });
    });

    it('on a route that takes none', async () => {
      expectProblem(await gateway.get('/v1/agents?x=1'), 422, 'invalid_request', 'unknown query parameter');
      expectProblem(
        await gateway.post(`${CHAT}?wait=1`, { message: 'x' }),
        422,
        'invalid_request',
        'unknown query parameter',
      );
    });

    it('with a cursor that was tampered with', async () => {
      await gateway.submit('slow', { message: '1' });
      await gateway.submit('slow', { message: '2' });
      const cursor = String((await gateway.get(`${LIST}?limit=1`)).body['next_cursor']);
      expect((await gateway.get(`${LIST}?cursor=${cursor}`)).status).toBe(200);
      const middle = cursor[20] === 'A' ? 'B' : 'A';
      for (const bad of ['x', cursor.slice(1), `${cursor.slice(0, 20)}${middle}${cursor.slice(21)}`, `${cursor}AA`]) {
        expectProblem(
          await gateway.get(`${LIST}?cursor=${bad}`),
          400,
          'invalid_cursor',
          'next_cursor of the page before',
        );
      }
    });

    it('with a key in it, which would end up in logs', async () => {
      for (const name of ['api_key', 'key', 'token', 'access_token', 'API_KEY']) {
        expectProblem(
          await gateway.get(`/v1/agents?${name}=s3cret`),
          401,
          'unauthenticated',
          'send it in Authorization',
        );
      }
    });
  });
});
