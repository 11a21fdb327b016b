import { makeWorkspace } from '@longhaul/config/testing';
import { operatorSecret } from '@longhaul/delivery';
import { longhaul } from '../../support/gateway-process';
import { HttpSink } from '../../support/sinks/http-sink';
import { SmtpSink } from '../../support/sinks/smtp-sink';
import { verified, WebhookReceiver } from '../../support/webhook-receiver';

describe('longhaul notify test', () => {
  let http: HttpSink;
  let smtp: SmtpSink;
  let workspace: string;
  beforeAll(async () => {
    http = await HttpSink.start();
    smtp = await SmtpSink.start();
    const notifications = {
      slack: { token: '${SLACK_TOKEN}', channel: '#alerts', api_url: http.url },
      email: { smtp_url: smtp.url, from: 'gateway@example.com', to: ['a@example.com', 'b@example.com'] },
    };
    workspace = makeWorkspace({ 'gateway.yaml': JSON.stringify({ notifications }) });
  });
  afterAll(async () => {
    http.stop();
    await smtp.stop();
  });

  const notify = (...flags: string[]) =>
    longhaul(['notify', 'test', ...flags, '-w', workspace], { SLACK_TOKEN: 'xoxb-very-secret' });

  it('sends to whom the channel writes by itself, and shows what was sent and answered', async () => {
    http.script = () => ({ body: { ok: true, channel: 'C1', ts: '1.2' } });
    const { stdout, status } = await notify('slack');
    expect(stdout).toMatch(/^sent {2}slack #alerts {2}channel C1, ts 1\.2\n {2}A test of Longhaul/);
    expect(status).toBe(0);
    expect(new URLSearchParams(http.last.text).get('channel')).toBe('#alerts');
    const mailed = JSON.parse((await notify('email', '--json')).stdout) as { results: object[] };
    expect(mailed.results).toMatchObject([
      { to: 'a@example.com', delivered: true, status: 250 },
      { to: 'b@example.com', delivered: true, status: 250 },
    ]);
    expect(smtp.mails.map(({ to }) => to.join())).toEqual(['a@example.com', 'b@example.com']);
  });

  it('says why a message was not taken, with exit code 1 and without the token', async () => {
    http.script = () => ({ body: { ok: false, error: 'channel_not_found' } });
    const { stdout, stderr, status } = await notify('slack', '--to', '#typo');
    expect(stdout).toContain('not sent  slack #typo  Slack refused it: channel_not_found');
    expect(stdout).toContain('/invite');
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain('very-secret');
  });

  it('signs a webhook as the operator’s are, where webhooks.secret is set', async () => {
    const receiver = await WebhookReceiver.start();
    const secret = 'a-secret-of-sixteen-and-more';
    const yaml = { webhooks: { secret }, http: { allow_private_cidrs: ['127.0.0.1/32'] } };
    const flags = ['notify', 'test', 'webhook', '-w', makeWorkspace({ 'gateway.yaml': JSON.stringify(yaml) }), '--to'];
    try {
      const { stdout, status } = await longhaul([...flags, receiver.url]);
      expect({ stdout, status }).toMatchObject({
        stdout: expect.stringMatching(/^sent {2}webhook /) as string,
        status: 0,
      });
      const [call] = receiver.calls;
      expect(verified(call, operatorSecret(secret))).toMatchObject({ type: 'webhook.test' });
      receiver.script = () => ({ status: 500, body: 'boom' });
      expect(await longhaul([...flags, receiver.url])).toMatchObject({ status: 1 });
      expect((await longhaul([...flags, 'https://169.254.169.254/'])).stdout).toMatch(/^not sent/);
    } finally {
      receiver.stop();
    }
  });

  it.each([
    [['slak'], /unknown channel "slak", did you mean "slack"\?.*configured: slack, email; not configured: telegram/],
    [['telegram'], /telegram is not configured; add to gateway\.yaml: notifications\.telegram/],
    [['email', '--to', 'nobody'], /"to" of email: expected a mail address, got "nobody"/],
    [['webhook'], /webhook needs "to": a URL/],
    [
      ['webhook', '--to', 'https://example.com/'],
      /set it, or have the gateway test an endpoint: longhaul webhooks test/,
    ],
  ])('%j is refused with exit code 2 and what there is', async (flags, message) => {
    const { stdout, stderr, status } = await notify(...flags);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(message);
  });
});
