import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { testGatewayConfig } from '@longhaul/config/testing';
import { createNotifiers, type Message, type Notifier } from '@longhaul/delivery';
import { HttpSink, type SunkRequest } from '../../support/sinks/http-sink';
import { SmtpSink } from '../../support/sinks/smtp-sink';

const MESSAGE: Message = {
  id: 'dlv_1',
  about: 'exec_1',
  subject: 'triage failed: provider_error',
  text: 'triage failed: provider_error\n\nno answer',
  severity: 'error',
  link: 'https://gateway.example/v1/executions/exec_1',
};
const never = new AbortController().signal;

describe('notifiers, against real servers', () => {
  let http: HttpSink;
  let smtp: SmtpSink;
  beforeEach(async () => {
    http = await HttpSink.start();
    smtp = await SmtpSink.start();
  });
  afterEach(async () => {
    http.stop();
    await smtp.stop();
  });

  function notifier(name: string, section: object): Notifier {
    const { notifications } = testGatewayConfig({
      [`LONGHAUL_NOTIFICATIONS__${name.toUpperCase()}`]: JSON.stringify(section),
    });
    const [made] = createNotifiers(notifications, 'gateway.example');
    if (made?.name !== name) throw new Error(`no notifier ${name} was made`);
    return made;
  }

  describe('slack', () => {
    const slack = () => notifier('slack', { token: 'xoxb-secret', api_url: `${http.url}/api/` });

    it('posts plain text to the channel as the bot, without formatting, previews or calls', async () => {
      http.script = () => ({ body: { ok: true, channel: 'C1', ts: '17.2' } });
      expect(await slack().send(MESSAGE, '#alerts', never)).toEqual({
        kind: 'delivered',
        status: 200,
        excerpt: 'channel C1, ts 17.2',
      });
      expect(http.seen).toHaveLength(1);
      expect(http.last).toMatchObject({
        method: 'POST',
        path: '/api/chat.postMessage',
        headers: { authorization: 'Bearer xoxb-secret', 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(Object.fromEntries(new URLSearchParams(http.last.text))).toEqual({
        channel: '#alerts',
        text: MESSAGE.text,
        mrkdwn: 'false',
        parse: 'none',
        link_names: 'false',
        unfurl_links: 'false',
        unfurl_media: 'false',
      });
    });

    it.each([
      ['429', { status: 429, headers: { 'retry-after': '7' } }, { retryable: true, retryAfterMs: 7_000, status: 429 }],
      ['429 that says not how long', { status: 429 }, { retryable: true, status: 429 }],
      ['ratelimited', { body: { ok: false, error: 'ratelimited' } }, { retryable: true, error: /ratelimited/ }],
      ['internal_error', { body: { ok: false, error: 'internal_error' } }, { retryable: true }],
      ['503', { status: 503, body: 'busy' }, { retryable: true, status: 503 }],
      ['a page of a proxy', { body: '<html>hello</html>' }, { retryable: false }],
      [
        'channel_not_found',
        { body: { ok: false, error: 'channel_not_found' } },
        { retryable: false, error: /\/invite/ },
      ],
      ['invalid_auth', { body: { ok: false, error: 'invalid_auth' } }, { retryable: false, error: /slack\.token/ }],
      ['an error that is new', { body: { ok: false, error: 'moon_is_full' } }, { retryable: false, error: /moon/ }],
      ['404', { status: 404 }, { retryable: false, status: 404 }],
      ['a cut connection', 'cut' as const, { retryable: true }],
    ])('tells what may pass: %s', async (_, answer, expected) => {
      http.script = () => answer;
      const outcome = await slack().send(MESSAGE, '#alerts', never);
      const { error, ...rest } = expected as { error?: RegExp };
      expect(outcome).toMatchObject({ kind: 'failed', error: expect.stringMatching(error ?? /Slack/), ...rest });
      expect(http.seen).toHaveLength(1);
      expect(JSON.stringify(outcome)).not.toContain('xoxb-secret');
    });
  });

  describe('telegram', () => {
    const telegram = () => notifier('telegram', { bot_token: '17:secret-token', api_url: http.url });

    it('posts plain text to the chat as the bot', async () => {
      http.script = () => ({ body: { ok: true, result: { message_id: 5 } } });
      expect(await telegram().send(MESSAGE, '-100200', never)).toEqual({
        kind: 'delivered',
        status: 200,
        excerpt: 'message 5',
      });
      expect(http.last).toMatchObject({ method: 'POST', path: '/bot17:secret-token/sendMessage' });
      expect(JSON.parse(http.last.text)).toEqual({
        chat_id: '-100200',
        text: MESSAGE.text,
        link_preview_options: { is_disabled: true },
      });
    });

    it.each([
      [
        '429',
        { status: 429, body: { ok: false, description: 'Too Many Requests', parameters: { retry_after: 31 } } },
        { retryable: true, retryAfterMs: 31_000, status: 429 },
      ],
      ['502', { status: 502, body: '<html>' }, { retryable: true, status: 502 }],
      ['a page of a proxy', { body: '<html>' }, { retryable: true, status: 200 }],
      [
        'a chat that is not there',
        { status: 400, body: { ok: false, description: 'Bad Request: chat not found' } },
        { retryable: false, error: /chat not found: see that the chat is right/ },
      ],
      [
        'a group that moved',
        { status: 400, body: { ok: false, description: 'moved', parameters: { migrate_to_chat_id: -1005 } } },
        { retryable: false, error: /now -1005/ },
      ],
      ['a wrong token', { status: 401, body: { ok: false } }, { retryable: false, error: /bot_token/ }],
      ['a bot that is blocked', { status: 403, body: { ok: false } }, { retryable: false, error: /blocked/ }],
      ['a cut connection', 'cut' as const, { retryable: true, error: /the connection was cut/ }],
      [
        'an answer that repeats the token',
        { status: 500, body: { ok: false, description: 'at /bot17:secret-token/' } },
        { retryable: true },
      ],
    ])('tells what may pass: %s', async (_, answer, expected) => {
      http.script = () => answer;
      const outcome = await telegram().send(MESSAGE, '5', never);
      const { error, ...rest } = expected as { error?: RegExp };
      expect(outcome).toMatchObject({ kind: 'failed', ...rest, ...(error && { error: expect.stringMatching(error) }) });
      expect(JSON.stringify(outcome)).not.toContain('secret-token');
    });
  });

  describe('pagerduty', () => {
    const pagerduty = () => notifier('pagerduty', { routing_key: 'R0UT1NGKEY', api_url: `${http.url}/` });

    it('triggers one alert for one execution', async () => {
      http.script = () => ({ status: 202, body: { status: 'success', dedup_key: 'exec_1' } });
      expect(await pagerduty().send(MESSAGE, null, never)).toMatchObject({ kind: 'delivered', status: 202 });
      expect(http.last).toMatchObject({ method: 'POST', path: '/v2/enqueue' });
      expect(JSON.parse(http.last.text)).toEqual({
        routing_key: 'R0UT1NGKEY',
        event_action: 'trigger',
        dedup_key: 'exec_1',
        client: 'Longhaul',
        client_url: MESSAGE.link,
        links: [{ href: MESSAGE.link, text: 'exec_1' }],
        payload: {
          summary: 'triage failed: provider_error',
          source: 'gateway.example',
          severity: 'error',
          custom_details: { text: MESSAGE.text },
        },
      });
    });

    it.each([
      ['429', { status: 429, headers: { 'retry-after': '3' } }, { retryable: true, retryAfterMs: 3_000, status: 429 }],
      ['500', { status: 500 }, { retryable: true, status: 500 }],
      [
        '400',
        { status: 400, body: { message: 'Event object is invalid', errors: ['Invalid routing key: R0UT1NGKEY'] } },
        { retryable: false, status: 400, error: /Event object is invalid: .*routing_key is that of/ },
      ],
    ])('tells what may pass: %s', async (_, answer, expected) => {
      http.script = () => answer;
      const outcome = await pagerduty().send(MESSAGE, null, never);
      const { error, ...rest } = expected as { error?: RegExp };
      expect(outcome).toMatchObject({ kind: 'failed', ...rest, ...(error && { error: expect.stringMatching(error) }) });
      expect(JSON.stringify(outcome)).not.toContain('R0UT1NGKEY');
    });
  });

  describe('email', () => {
    const email = (more: object = {}) =>
      notifier('email', { smtp_url: smtp.url, from: 'Longhaul <a@b.example>', ...more });

    it('sends one mail of text, by a name and password that the URL brings', async () => {
      expect(await email().send(MESSAGE, 'ops@example.com', never)).toMatchObject({ kind: 'delivered', status: 250 });
      const [{ mail, ...envelope } = { mail: null }] = smtp.mails;
      expect(envelope).toMatchObject({ from: 'a@b.example', to: ['ops@example.com'], user: 'post' });
      expect(mail).toMatchObject({
        subject: MESSAGE.subject,
        messageId: '<dlv_1@longhaul>',
        text: expect.stringContaining(MESSAGE.text),
        html: false,
        attachments: [],
        from: { text: '"Longhaul" <a@b.example>' },
        to: { text: 'ops@example.com' },
      });
      expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
      expect(mail?.headers.get('x-longhaul-about')).toBe('exec_1');
    });

    it('takes the server in parts as well, and carries letters of every language', async () => {
      const { port } = smtp;
      const parts = notifier('email', { host: '127.0.0.1', port, from: 'a@b.example' });
      await parts.send({ ...MESSAGE, subject: 'fertig: Übersetzung ✓', text: 'žluťoučký kůň' }, 'x@y.example', never);
      expect(smtp.mails[0]?.mail).toMatchObject({ subject: 'fertig: Übersetzung ✓', text: 'žluťoučký kůň' });
      expect(smtp.mails[0]?.user).toBeUndefined();
    });

    it.each([
      ['a mailbox that is busy', { at: 'rcpt', code: 450, text: 'try later' }, { retryable: true, status: 450 }],
      ['a server that goes away', { at: 'mail', code: 421, text: 'closing' }, { retryable: true, status: 421 }],
      [
        'a mailbox that is not there',
        { at: 'rcpt', code: 550, text: 'no such user' },
        { retryable: false, status: 550 },
      ],
      ['a text that it does not like', { at: 'data', code: 554, text: 'spam' }, { retryable: false, status: 554 }],
      [
        'a login that is refused',
        { at: 'auth', code: 535, text: 'no' },
        { retryable: false, error: /user and password/ },
      ],
      ['a login that is busy', { at: 'auth', code: 454, text: 'later' }, { retryable: true, status: 454 }],
    ] as const)('tells what may pass: %s', async (_, refusal, expected) => {
      smtp.refusal = refusal;
      const outcome = await email().send(MESSAGE, 'ops@example.com', never);
      const { error, ...rest } = expected as { error?: RegExp };
      expect(outcome).toMatchObject({ kind: 'failed', ...rest, ...(error && { error: expect.stringMatching(error) }) });
      expect(smtp.mails).toEqual([]);
      expect(JSON.stringify(outcome)).not.toContain(smtp.password);
    });

    it('may be tried again when nobody listens, and says nothing without TLS where that is asked for', async () => {
      const nobody = notifier('email', { host: '127.0.0.1', port: 1, from: 'a@b.example' });
      expect(await nobody.send(MESSAGE, 'x@y.example', never)).toMatchObject({ kind: 'failed', retryable: true });
      const outcome = await email({ require_tls: true }).send(MESSAGE, 'x@y.example', never);
      expect(outcome).toMatchObject({ kind: 'failed', error: expect.stringContaining('require_tls') });
      expect(smtp.mails).toEqual([]);
    });
  });

  it('email closes the connection and throws the reason of an abort', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const stop = new AbortController();
    const { port } = silent.address() as AddressInfo;
    const connected = once(silent, 'connection') as Promise<[Socket]>;
    const sending = notifier('email', { host: '127.0.0.1', port, from: 'a@b.c' }).send(MESSAGE, 'x@y.z', stop.signal);
    const [socket] = await connected;
    const closed = once(socket.resume(), 'close');
    stop.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
    await closed;
    silent.close();
  });

  it.each(['slack', 'telegram', 'pagerduty'])(
    '%s closes the connection and throws the reason of an abort',
    async (name) => {
      const secrets = { slack: { token: 't' }, telegram: { bot_token: 't' }, pagerduty: { routing_key: 't' } };
      const asked = Promise.withResolvers<SunkRequest>();
      http.script = (request) => {
        asked.resolve(request);
        return 'hang';
      };
      const stop = new AbortController();
      const section = { ...secrets[name as keyof typeof secrets], api_url: http.url };
      const sending = notifier(name, section).send(MESSAGE, '5', stop.signal);
      const { closed } = await asked.promise;
      stop.abort(new Error('enough'));
      await expect(sending).rejects.toThrow('enough');
      await closed;
    },
  );
});
