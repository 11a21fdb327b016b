import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import { eventually } from '../../support/eventually';
import { HttpSink, type SunkRequest } from '../../support/sinks/http-sink';
import { SmtpSink } from '../../support/sinks/smtp-sink';
import { TEST_AGENTS } from './test-agents';
import { TestGateway } from './test-gateway';

/** Asks a person, and waits for something else besides. */
@Agent({ id: 'asking' })
class AskingAgent implements AgentHandler {
  async run({ step }: ExecutionContext) {
    const [{ approved }] = await Promise.all([
      step.waitForApproval('refund', { subject: 'refund', arguments: { euro: 10 } }),
      step.waitForEvent('wake', { name: 'wake.up' }),
    ]);
    return approved;
  }
}

const agent = (frontMatter: string) => `---\nexecution_mode: async\n${frontMatter}\n---\nYou are a test.\n`;
const OK = { body: { ok: true, channel: 'C1', ts: '1.2' } };

describe('who is told of an end', () => {
  let http: HttpSink;
  let smtp: SmtpSink;
  let gateway: TestGateway;

  beforeAll(async () => {
    http = await HttpSink.start();
    smtp = await SmtpSink.start();
    const notifications = {
      slack: { token: 'xoxb-1234567', channel: '#all', api_url: `${http.url}/slack/` },
      telegram: { bot_token: '17:abcdefg', chat_id: '5', api_url: http.url },
      email: { smtp_url: smtp.url, from: 'gateway@example.com', to: ['ops@example.com', 'boss@example.com'] },
      pagerduty: { routing_key: 'R0UT1NGKEY', api_url: http.url },
      public_url: 'https://gw.example/',
      templates: { short: '{{ agent }}/{{ event }}: {{ output }}{{ error.message }}' },
      defaults: { on_error: ['slack', 'pagerduty'], on_circuit_open: { channel: 'slack', to: '#hooks' } },
      allowed_recipients: ['*@example.com'],
    };
    gateway = await TestGateway.start({
      agents: [...TEST_AGENTS, AskingAgent],
      files: {
        'gateway.yaml': JSON.stringify({
          notifications,
          webhooks: { retry_schedule_s: [0.05, 0.05], circuit: { failures: 2 } },
          http: { allow_private_cidrs: ['127.0.0.0/8'] },
        }),
        'agents/mailer/AGENT.md': agent('notifications: { on_complete: email }'),
        'agents/chatty/AGENT.md': agent(
          `notifications:
  on_complete:
    - { channel: slack, target: '#trips', template: short }
    - { channel: telegram, to: -100200 }`,
        ),
        'agents/odd/AGENT.md': agent(
          `notifications:
  on_complete: [{ channel: webhook, target: default }, { channel: slack, template: gone }]`,
        ),
        'agents/slak/AGENT.md': agent('notifications: { on_error: slak }'),
        'agents/failing/AGENT.md': agent('runtime: code'),
        'agents/asking/AGENT.md': agent(
          'runtime: code\nnotifications: { on_approval: { channel: slack, to: "#boss" } }',
        ),
        'agents/quiet/AGENT.md': agent('notifications: { on_complete: [] }'),
      },
    });
  });
  beforeEach(() => {
    http.script = ({ path }) => (path.startsWith('/slack') ? OK : path.startsWith('/v2') ? { status: 202 } : OK);
  });
  afterAll(async () => {
    await gateway.stop();
    http.stop();
    await smtp.stop();
  });

  const toSlack = () => http.seen.filter(({ path }) => path === '/slack/chat.postMessage').map(formOf);
  const formOf = ({ text }: SunkRequest) => Object.fromEntries(new URLSearchParams(text)) as Record<string, string>;
  const about = (id: string) => (message: Record<string, string>) => message['text']?.includes(id);

  async function fail(code: string): Promise<string> {
    const answer = await gateway.post('/v1/agents/failing/invoke', { input: { code } });
    return String(answer.body['execution_id']);
  }

  it('those whom gateway.yaml names for all agents, of a failure', async () => {
    const id = await fail('provider_error');
    const message = await eventually(() => toSlack().find(about(id)) ?? false);
    expect(message).toMatchObject({ channel: '#all' });
    expect(message['text']).toBe(
      `failing failed: provider_error\n\nfailed as asked (provider_error)\n\nexecution ${id}\nhttps://gw.example/v1/executions/${id}`,
    );
    const alert = await eventually(() => http.seen.find(({ text }) => text.includes(`"dedup_key":"${id}"`)) ?? false);
    expect(JSON.parse(alert.text)).toMatchObject({ payload: { source: 'gw.example', severity: 'error' } });
  });

  it('whom the agent names, once, that a person must decide on something', async () => {
    const id = await gateway.post('/v1/agents/asking/invoke', { input: {} }).then(({ body }) => body['execution_id']);
    const told = () => toSlack().filter(({ channel }) => channel === '#boss');
    const [message] = await eventually(() => told().length > 0 && told());
    const { body } = await gateway.get('/v1/approvals?state=pending');
    const [approval] = body['items'] as { approval_id: string }[];
    expect(message?.['text']).toBe(
      `asking asks for approval: refund\n\nlonghaul approvals show ${approval?.approval_id}\n\nexecution ${String(id)}`,
    );
    await gateway.post('/v1/events', { name: 'wake.up' });
    await eventually(async () => {
      const answer = await gateway.get(`/v1/executions/${String(id)}/events`, { accept: 'application/json' });
      return (
        (answer.body['items'] as { type: string }[]).filter(({ type }) => type === 'execution.waiting').length === 2
      );
    });
    expect(told()).toHaveLength(1);
  });

  it('the same of a time-out, where nobody says anything else', async () => {
    const id = await fail('idle_timeout');
    const message = await eventually(() => toSlack().find(about(id)) ?? false);
    expect(message['text']).toMatch(/^failing ran out of time: idle_timeout\n/);
  });

  it('those whom the agent names: each recipient by a message of its own', async () => {
    const id = await gateway.submit('mailer', { message: 'hello' });
    await eventually(() => smtp.mails.length === 2);
    expect(smtp.mails.map(({ to }) => to.join()).sort()).toEqual(['boss@example.com', 'ops@example.com']);
    for (const { mail } of smtp.mails) {
      expect(mail.subject).toMatch(/^mailer completed in /);
      expect(mail.text).toContain('hello');
      expect(mail.headers.get('x-longhaul-about')).toBe(id);
    }
  });

  it('in the words of a template, to whom the agent says, harmless whatever was said', async () => {
    await gateway.submit('chatty', { message: '<!channel> & @ops' });
    const message = await eventually(() => toSlack().find(({ channel }) => channel === '#trips') ?? false);
    expect(message['text']).toMatch(/^chatty\/complete: You said: &lt;!channel&gt; &amp; @ops\n/);
    const telegram = await eventually(() => http.seen.find(({ path }) => path.startsWith('/bot')) ?? false);
    expect(telegram.path).toBe('/bot17:abcdefg/sendMessage');
    expect(JSON.parse(telegram.text)).toMatchObject({
      chat_id: '-100200',
      text: expect.stringContaining('@\u2060ops'),
    });
  });

  it('again, when the service could not take it the first time, and once where it could', async () => {
    let refused = 0;
    http.script = ({ path }) => {
      if (!path.startsWith('/slack')) return { status: 202 };
      refused += 1;
      return refused === 1 ? { status: 503 } : OK;
    };
    const id = await fail('agent_error');
    await eventually(() => toSlack().filter(about(id)).length === 2);
    const delivered = await eventually(async () => {
      const { body } = await gateway.get(`/v1/deliveries?execution_id=${id}`);
      const items = body['items'] as Record<string, unknown>[];
      return items.find(({ channel, status }) => channel === 'slack' && status === 'delivered') ?? false;
    });
    const { body } = await gateway.get(`/v1/deliveries/${String(delivered['delivery_id'])}`);
    expect(body).toMatchObject({
      target: '#all',
      tries: [
        { attempt: 1, outcome: 'failed', status: 503 },
        { attempt: 2, outcome: 'delivered', status: 200, excerpt: 'channel C1, ts 1.2' },
      ],
    });
  });

  it('those whom the request names too: a channel, an address that may be named, a URL', async () => {
    const notify = [
      'telegram',
      { channel: 'email', to: 'me@example.com', template: 'short' },
      { channel: 'webhook', to: `${http.url}/hook` },
    ];
    const id = await gateway.submit('mailer', { message: 'asked', notify });
    const mail = await eventually(() => smtp.mails.find(({ to }) => to.join() === 'me@example.com') ?? false);
    expect(mail.mail.text).toMatch(/^mailer\/complete: You said: asked/);
    await eventually(() => http.seen.some(({ path, text }) => path.startsWith('/bot') && text.includes(id)));
    const call = await eventually(() => http.seen.find(({ path }) => path === '/hook') ?? false);
    expect(JSON.parse(call.text)).toMatchObject({ type: 'execution.completed', data: { execution_id: id } });
    await eventually(() => smtp.mails.filter((one) => one.mail.headers.get('x-longhaul-about') === id).length === 3);
    const stranger = { message: 'x', notify: { channel: 'email', to: 'me@elsewhere.example' } };
    const refused = await gateway.post('/v1/agents/mailer/chat', stranger);
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: expect.stringMatching(/nobody whom a request may name.*notifications\.allowed_recipients/) },
    });
  });

  it('of a webhook endpoint that is left alone, once', async () => {
    http.script = ({ path }) => (path === '/broken' ? { status: 500 } : OK);
    const registered = await gateway.post('/v1/webhook-endpoints', { url: `${http.url}/broken` });
    expect(registered.status).toBe(201);
    await gateway.submit('quiet', { message: 'x' });
    const message = await eventually(() => toSlack().find(({ channel }) => channel === '#hooks') ?? false);
    expect(message['text']).toMatch(/^Webhooks to 127\.0\.0\.1:\d+ failed 2 times in a row\n\nEndpoint whe_/);
    await gateway.ask({ method: 'DELETE', url: `/v1/webhook-endpoints/${String(registered.body['endpoint_id'])}` });
    expect(toSlack().filter(({ channel }) => channel === '#hooks')).toHaveLength(1);
  });

  it('nobody, where the agent says so or the execution was cancelled', async () => {
    const quiet = await gateway.submit('quiet', { message: 'x' });
    const delayed = await gateway.submit('failing', { message: 'x', delay_s: 3600 });
    await gateway.post(`/v1/executions/${delayed}/cancel`, {});
    await eventually(async () => (await gateway.get(`/v1/executions/${quiet}`)).body['status'] === 'completed');
    // What comes later has come: these two have had their time.
    const id = await fail('agent_error');
    await eventually(() => toSlack().some(about(id)));
    const all = [...http.seen.map(({ text }) => text), ...smtp.mails.map(({ mail }) => mail.text ?? '')].join(' ');
    expect(all).not.toContain(quiet);
    expect(all).not.toContain(delayed);
  });

  it('as well as it goes, where a target or a template is not there', async () => {
    const id = await gateway.submit('odd', { message: 'hello' });
    const message = await eventually(() => toSlack().find(about(id)) ?? false);
    expect(message).toMatchObject({ channel: '#all' });
    expect(message['text']).toMatch(/^odd completed in .*hello.*\(The template "gone" is not in gateway\.yaml\.\)/s);
    expect((await gateway.get('/v1/agents/slak')).status).toBe(404);
  });
});
