import { Webhook } from 'standardwebhooks';
import { eventually } from '../../support/eventually';
import { REMOTE_SECRET, RemoteAgent, type ScriptedAnswer, signedCallback } from '../../support/remote-agent';
import { TestGateway } from './test-gateway';

const TOKEN = 'token-of-the-remote-agent';
const PATH_TOKEN = 'token-in-the-path';
const agentFile = (url: string, more = '', front = '') =>
  `---
runtime: http
execution_mode: async
retries: { max_retries: 1, backoff: fixed, delay_s: 0 }
${front}
http:
  url: ${url}
  headers: { Authorization: "Bearer \${REMOTE_TOKEN}" }
${more}
---
`;

describe('an HTTP agent', () => {
  let remote: RemoteAgent;
  let gateway: TestGateway;

  beforeAll(async () => {
    remote = await RemoteAgent.start();
    const { url } = remote;
    const signed = '  secret: "${REMOTE_SECRET}"';
    gateway = await TestGateway.start({
      env: {
        LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '127.0.0.0/8',
        LONGHAUL_SERVER__PUBLIC_URL: 'https://gateway.example.com/base/',
        REMOTE_SECRET,
        REMOTE_TOKEN: TOKEN,
        PATH_TOKEN,
      },
      files: {
        'agents/remote/AGENT.md': agentFile(`${url}?tenant=1`, signed),
        'agents/hidden/AGENT.md': agentFile(`${url}/\${PATH_TOKEN}`, signed),
        'agents/unsigned/AGENT.md': agentFile(url),
        'agents/hasty/AGENT.md': agentFile(url, `${signed}\n  timeout_s: 0.1`),
        'agents/idle/AGENT.md': agentFile(url, `${signed}\n  idle_timeout_s: 0.2`),
        'agents/strict/AGENT.md': agentFile(
          url,
          '',
          'output_schema: { type: object, required: [n], properties: { n: { type: integer } } }',
        ),
        'agents/metadata/AGENT.md': agentFile('http://169.254.169.254/latest'),
        'agents/near/AGENT.md': agentFile('http://192.168.7.7/'),
        'agents/poor/AGENT.md': agentFile(url, '  secret: "${NOBODY_SET_THIS}"'),
        'agents/weak/AGENT.md': agentFile(url, '  secret: short'),
      },
    });
  });
  beforeEach(() => {
    remote.seen.length = 0;
    remote.script = () => ({ body: { output: 'done' } });
  });
  afterAll(async () => {
    await gateway.stop();
    remote.stop();
  });

  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body;
  const ended = async (id: string) => (await gateway.get(`/v1/executions/${id}?wait=20`)).body;
  const run = async (agent: string, body: object = {}) => ended(await gateway.submit(agent, { message: 'x', ...body }));
  const errorOf = async (agent: string, answer: ScriptedAnswer, body: object = {}) => {
    remote.script = () => answer;
    return (await run(agent, body))['error'] as { code: string; message: string; retryable: boolean; details?: object };
  };
  const callback = (id: string, body: object, options: Parameters<typeof signedCallback>[1] = {}) => {
    const { text, headers } = signedCallback({ execution_id: id, attempt: 1, ...body }, options);
    return gateway.raw(`/v1/executions/${id}/callback`, text, headers);
  };
  /** An execution whose remote agent has said that it will answer later. */
  async function waiting(agent = 'remote'): Promise<string> {
    remote.script = () => ({ status: 202, body: {} });
    const id = await gateway.submit(agent, { message: 'x' });
    await eventually(() => remote.asked('POST', id).length === 1);
    return id;
  }

  describe('is asked', () => {
    it('by a POST that says what, for whom and until when, and is signed', async () => {
      const id = await gateway.submit(
        'remote',
        { message: 'Hello', context: { a: 1 }, metadata: { ticket: 7 }, timeout_s: 60 },
        { 'x-correlation-id': 'mine', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
      );
      expect((await ended(id))['output']).toBe('done');
      const [request] = remote.seen;
      const { run_id: runId, conversation_id: conversationId } = await record(id);
      expect(request?.path).toBe('/agent?tenant=1');
      expect(request?.body).toEqual({
        execution_id: id,
        run_id: runId,
        attempt: 1,
        agent: 'remote',
        input: { message: 'Hello', context: { a: 1 } },
        conversation_id: conversationId,
        correlation_id: 'mine',
        metadata: { ticket: 7 },
        deadline: expect.stringMatching(/^\d{4}-.*Z$/),
        callback_url: `https://gateway.example.com/base/v1/executions/${id}/callback`,
      });
      expect(request?.headers).toMatchObject({
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        'idempotency-key': id,
        'longhaul-run-id': runId,
        'longhaul-attempt': '1',
        'x-correlation-id': 'mine',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      });
      const webhook = new Webhook(new Uint8Array(Buffer.from(REMOTE_SECRET)), { format: 'raw' });
      expect(webhook.verify(request?.text ?? '', request?.headers as Record<string, string>)).toEqual(request?.body);
    });

    it('without signature and callback when it has no secret', async () => {
      await run('unsigned');
      expect(remote.seen[0]?.headers).not.toHaveProperty('webhook-signature');
      expect(remote.seen[0]?.body).not.toHaveProperty('callback_url');
    });

    it('again with the same key, after a failure that may pass', async () => {
      remote.script = ({ body }) => (body['attempt'] === 1 ? { status: 503 } : { body: { output: 'at last' } });
      const { execution_id: id, output, attempt } = await run('remote');
      expect([output, attempt]).toEqual(['at last', 2]);
      expect(remote.seen.map(({ headers }) => [headers['idempotency-key'], headers['longhaul-attempt']])).toEqual([
        [id, '1'],
        [id, '2'],
      ]);
    });
  });

  describe('answers at once', () => {
    it.each([
      ['an output', { output: { a: [1] } }, { output: { a: [1] } }],
      ['more than the protocol has', { output: 1, note: 'x' }, { output: 1 }],
      [
        'usage',
        { output: 1, usage: { input_tokens: 3, cost_usd: 0.5 } },
        { output: 1, usage: { input_tokens: 3, output_tokens: 0, cost_usd: 0.5 } },
      ],
    ])('with %s', async (_, body, expected) => {
      remote.script = () => ({ body });
      expect(await run('remote')).toMatchObject({ status: 'completed', ...expected });
    });

    it('that it failed, and whether another attempt may help', async () => {
      const failure = { status: 'failed', error: { code: 'no_paper', message: 'no paper left' } };
      expect(await errorOf('remote', { body: failure })).toEqual({
        code: 'agent_error',
        message: 'no paper left',
        retryable: false,
        details: { remote_code: 'no_paper' },
      });
      expect(remote.seen).toHaveLength(1);
      await errorOf('remote', { body: { ...failure, error: { ...failure.error, retryable: true } } });
      expect(remote.seen).toHaveLength(3);
    });

    it.each<[string, ScriptedAnswer, RegExp]>([
      [
        'HTML',
        { headers: { 'content-type': 'text/html' }, body: '<p>' },
        /200 with Content-Type "text\/html": answer 200/,
      ],
      ['no Content-Type', { headers: {}, body: '{}' }, /with no Content-Type/],
      ['what is not JSON', { body: '{"output":' }, /with what is not JSON \(.*\): answer 200 with/],
      ['a list', { body: [] }, /expected a JSON object/],
      ['no output', { body: { result: 1 } }, /but output is required: answer 200 with \{"output": …\}/],
      ['an unknown status', { body: { status: 'done', output: 1 } }, /status expected completed, failed or running/],
      ['a failure without an error', { body: { status: 'failed' } }, /but error/],
      ['wrong usage', { body: { output: 1, usage: { input_tokens: 'many' } } }, /usage\.input_tokens/],
      ['400', { status: 400, body: { detail: 'no such tenant' } }, /answered 400: \{"detail":"no such tenant"\}/],
      ['401', { status: 401, body: `wrong ${TOKEN}` }, /answered 401: wrong \[redacted\]$/],
      [
        'a redirect',
        { status: 302, headers: { location: '/other' } },
        /302, which would lose the POST: set http.url to \/other/,
      ],
      [
        'a redirect inwards',
        { status: 307, headers: { location: 'http://10.0.0.1/' } },
        /host 10\.0\.0\.1 is not a public/,
      ],
    ])('with %s, which fails for good and says why', async (_, answer, message) => {
      const error = await errorOf('remote', answer);
      expect(error).toMatchObject({ retryable: false, message: expect.stringMatching(message) });
      expect(['remote_error', 'outbound_refused']).toContain(error.code);
      expect(remote.seen).toHaveLength(1);
    });

    it('with what it was sent as a credential, which nobody else gets to see', async () => {
      remote.script = ({ headers }) => ({ body: { output: { echo: [headers['authorization'], TOKEN] } } });
      expect((await run('remote'))['output']).toEqual({ echo: ['[redacted]', '[redacted]'] });
      const error = await errorOf('remote', { headers: { 'content-type': TOKEN } });
      expect(error.message).toContain('Content-Type "[redacted]"');
      remote.script = () => 'cut';
      const { error: cut } = await run('hidden');
      expect(cut).toMatchObject({ message: expect.stringMatching(/\/agent\/\[redacted\]: the connection was cut/) });
      expect(remote.seen.at(-1)?.path).toBe(`/agent/${PATH_TOKEN}`);
    });

    it.each([408, 409, 425, 429, 500, 502, 503])('with %s, which is tried again', async (status) => {
      const error = await errorOf('remote', { status, headers: { 'retry-after': '0' }, body: 'busy\n\u0007now' });
      expect(error).toEqual({
        code: 'remote_error',
        message: `the remote agent answered ${status}: busy now`,
        retryable: true,
        details: { status, body: 'busy now' },
      });
      expect(remote.seen).toHaveLength(2);
    });

    it('with when to come back, which is kept to', async () => {
      remote.script = () => ({ status: 429, headers: { 'retry-after': '3000' } });
      const id = await gateway.submit('remote', { message: 'x' });
      const retrying = await eventually(async () => {
        const found = await record(id);
        return found['status_detail'] === 'retrying' && found;
      });
      const waitMs = Date.parse(String(retrying['next_attempt_at'])) - Date.now();
      expect(waitMs).toBeGreaterThan(2_900_000);
      await gateway.post(`/v1/executions/${id}/cancel`, undefined);
    });

    it('nothing: the line was cut, or the time is up', async () => {
      remote.script = () => 'cut';
      expect((await run('remote'))['error']).toMatchObject({
        code: 'outbound_failed',
        retryable: true,
        message: expect.stringContaining('the connection was cut'),
      });
      remote.script = () => 'hang';
      expect((await run('hasty'))['error']).toMatchObject({
        message: expect.stringContaining('no answer within 0.1 s'),
      });
    });

    it('what does not fit its output_schema, which is told with its place', async () => {
      expect(await errorOf('strict', { body: { output: { n: 'one' } } })).toMatchObject({
        code: 'output_invalid',
        retryable: false,
        message: expect.stringContaining('output.n: expected integer, got string'),
      });
    });

    it('with what must stay secret, which is not repeated', async () => {
      const error = await errorOf('remote', { status: 400, body: `not Bearer ${TOKEN}, ${REMOTE_SECRET}` });
      expect(JSON.stringify(error)).not.toMatch(new RegExp(`${TOKEN}|${REMOTE_SECRET}`));
      expect(error.message).toContain('[redacted]');
    });
  });

  describe('answers later', () => {
    it('by a signed callback, with progress before it', async () => {
      const id = await waiting();
      const progress = { status: 'running', progress: { percent: 40, message: 'reading', step: 'a' } };
      expect((await callback(id, progress)).status).toBe(200);
      await eventually(async () => expect((await record(id))['progress']).toEqual(progress.progress));
      const answer = await callback(id, { status: 'completed', output: { late: true }, usage: { cost_usd: 1 } });
      expect([answer.status, answer.body]).toEqual([200, { execution_id: id, attempt: 1, repeated: false }]);
      expect(await ended(id)).toMatchObject({ status: 'completed', output: { late: true }, attempt: 1 });
    });

    it('with what it was sent as a credential, which nobody else gets to see', async () => {
      const id = await waiting();
      await callback(id, { status: 'completed', output: { echo: `Bearer ${TOKEN}`, more: 1 } });
      expect((await ended(id))['output']).toEqual({ echo: '[redacted]', more: 1 });
    });

    it('that it failed', async () => {
      const id = await waiting();
      await callback(id, { status: 'failed', error: { message: 'no paper left' } });
      expect(await ended(id)).toMatchObject({
        status: 'failed',
        error: { code: 'agent_error', message: 'no paper left' },
      });
    });

    it('the same twice, or something else: the first stands', async () => {
      const id = await waiting();
      const done = { status: 'completed', output: 1 };
      await callback(id, done);
      await ended(id);
      expect((await callback(id, done, { id: 'msg_2' })).body).toMatchObject({ repeated: true });
      const other = await callback(id, { status: 'completed', output: 2 });
      expect([other.status, other.body['code']]).toEqual([409, 'already_answered']);
      expect((await record(id))['output']).toBe(1);
    });

    it('when it is too late', async () => {
      const id = await waiting();
      await gateway.post(`/v1/executions/${id}/cancel`, undefined);
      expect((await ended(id))['status']).toBe('cancelled');
      const answer = await callback(id, { status: 'completed', output: 1 });
      expect([answer.status, answer.body['code'], answer.body['detail']]).toEqual([
        410,
        'answer_too_late',
        'the execution has ended: cancelled: nobody waits for this answer, do not send it again',
      ]);
    });

    it('never: after its idle time the attempt is given up, and the next one asks again', async () => {
      remote.script = ({ body }) => (body['attempt'] === 1 ? { status: 202 } : { body: { output: 'second' } });
      expect(await run('idle')).toMatchObject({ status: 'completed', output: 'second', attempt: 2 });
    });

    it('without a secret to sign with, which fails for good', async () => {
      expect(await errorOf('unsigned', { status: 202 })).toMatchObject({
        code: 'remote_error',
        retryable: false,
        message: expect.stringContaining('set http.secret: "${NAME}" in agents/unsigned/AGENT.md'),
      });
    });

    it.each<[string, object, Parameters<typeof signedCallback>[1], number, RegExp]>([
      ['another secret', {}, { secret: 'the-secret-of-somebody-else' }, 401, /No matching signature.*http\.secret/],
      ['a signature that is six minutes old', {}, { at: new Date(Date.now() - 360_000) }, 401, /too old/],
      ['a signature from the future', {}, { at: new Date(Date.now() + 360_000) }, 401, /too new/],
      [
        'the body of another execution',
        { execution_id: 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP' },
        {},
        422,
        /^execution_id: /,
      ],
      ['no attempt', { attempt: null }, {}, 422, /^attempt: /],
      ['an attempt that no database can count to', { attempt: 1e300 }, {}, 422, /^attempt: expected the number/],
      ['an attempt that was never sent', { attempt: 7 }, {}, 422, /attempt 7 was never sent, the last is 1/],
      ['no status', { status: undefined }, {}, 422, /expected completed, failed or running/],
      ['no output', { output: undefined }, {}, 422, /output: is required/],
      ['progress of 200 %', { status: 'running', progress: { percent: 200 } }, {}, 422, /progress\.percent/],
      ['300 KB', { output: 'x'.repeat(300_000) }, {}, 413, /server\.max_body_kb/],
    ])('with %s, which is refused', async (_, body, options, status, detail) => {
      const id = await waiting();
      const answer = await callback(id, { status: 'completed', output: 1, ...body }, options);
      expect([answer.status, answer.body['detail']]).toEqual([status, expect.stringMatching(detail)]);
      expect((await record(id))['status']).toBe('running');
      await callback(id, { status: 'completed', output: 1 });
      await ended(id);
    });

    it('with a body that was changed on the way, or unsigned, which is refused', async () => {
      const id = await waiting();
      const { headers, text } = signedCallback({ execution_id: id, attempt: 1, status: 'completed', output: 1 });
      const url = `/v1/executions/${id}/callback`;
      expect((await gateway.raw(url, text.replace(':1}', ':2}'), headers)).status).toBe(401);
      const unsigned = await gateway.raw(url, text, { 'content-type': 'application/json' });
      expect([unsigned.status, unsigned.body['detail']]).toEqual([401, expect.stringContaining('webhook-id')]);
      expect((await gateway.raw(url, '{', headers)).status).toBe(400);
      await gateway.raw(url, text, headers);
      await ended(id);
    });

    it('for an execution that there is not, or that is not its own', async () => {
      const other = await gateway.submit('quick', { message: 'x' });
      for (const id of ['exec_01JD8Z4M7T9QW2X5C6V8B0N3KP', other]) {
        const answer = await callback(id, { status: 'completed', output: 1 });
        expect([answer.status, answer.body['code']]).toEqual([404, 'not_found']);
      }
    });
  });

  describe('is told to stop', () => {
    it.each([
      ['while it thinks, and the connection is closed', 'hang' as const],
      ['after its 202', { status: 202 }],
    ])('when the execution is cancelled %s', async (_, answer) => {
      remote.script = () => answer;
      const id = await gateway.submit('remote', { message: 'x' });
      const request = await eventually(() => remote.asked('POST', id)[0] ?? false);
      await gateway.post(`/v1/executions/${id}/cancel`, undefined);
      expect((await ended(id))['status']).toBe('cancelled');
      await request.closed;
      const [stop] = remote.asked('DELETE', id);
      expect(stop?.path).toBe(`/agent/${id}?tenant=1`);
      const webhook = new Webhook(new Uint8Array(Buffer.from(REMOTE_SECRET)), { format: 'raw' });
      expect(() => webhook.verify('', stop?.headers as Record<string, string>)).not.toThrow();
      expect(stop?.headers).toMatchObject({ 'webhook-id': `${id}.cancel`, authorization: `Bearer ${TOKEN}` });
    });

    it('when the run takes longer than it may', async () => {
      remote.script = () => 'hang';
      const { execution_id: id, error } = await run('remote', { timeout_s: 0.2 });
      expect(error).toMatchObject({ code: 'timeout' });
      expect(remote.asked('DELETE', String(id))).toHaveLength(1);
    });
  });

  describe('cannot be called', () => {
    it.each([
      ['metadata', /http\.url: host 169\.254\.169\.254 is not a public address \(linkLocal\)/],
      ['near', /192\.168\.7\.7.*\(private\).*add 192\.168\.0\.0\/16 to it/],
      ['poor', /http\.secret: the variable NOBODY_SET_THIS is not set: set NOBODY_SET_THIS/],
      ['weak', /http\.secret: expected at least 16 characters: openssl rand -hex 24/],
    ])('"%s", and says so at once with the mend', async (agent, detail) => {
      const answer = await gateway.post(`/v1/agents/${agent}/chat`, { message: 'x' });
      expect([answer.status, answer.body['code']]).toEqual([503, 'agent_unavailable']);
      expect(answer.body['detail']).toMatch(detail);
    });
  });
});
