import type { ExecutionRecord } from '@longhaul/executions';
import { EmailNotifier } from '../email/email-notifier';
import { PagerDutyNotifier } from '../pagerduty/pagerduty-notifier';
import { SlackNotifier } from '../slack/slack-notifier';
import { TelegramNotifier } from '../telegram/telegram-notifier';
import { MessageComposer } from './message-composer';

const slack = new SlackNotifier({ token: 't' });
const telegram = new TelegramNotifier({ botToken: 't' });
const email = new EmailNotifier({ host: 'h', port: 25, from: 'a@b.c' });
const pagerduty = new PagerDutyNotifier({ routingKey: 'k', source: 's' });

const COMPLETED: ExecutionRecord = {
  id: 'exec_1',
  jobId: 'job_1',
  runId: 'run_1',
  agent: 'triage',
  owner: 'ci',
  status: 'completed',
  input: {},
  output: { text: 'All is well.' },
  error: null,
  progress: null,
  usage: null,
  attempt: 1,
  maxAttempts: 4,
  queue: 'default',
  priority: 'default',
  createdAt: new Date('2026-01-02T03:04:05Z'),
  startedAt: null,
  completedAt: new Date('2026-01-02T03:08:17Z'),
  deadlineAt: null,
  conversationId: 'conv_1',
  traceparent: null,
  correlationId: 'corr',
  metadata: { ticket: 4711 },
  tags: ['nightly'],
  retryOf: null,
  forkedFrom: null,
  fork: null,
  parentId: null,
};
const failedBy = (code: string, message: string): ExecutionRecord => ({
  ...COMPLETED,
  status: 'failed',
  output: null,
  attempt: 3,
  error: { code, message, retryable: false },
});

function composer(templates: Record<string, string> = {}, secrets: string[] = []): MessageComposer {
  return new MessageComposer({ templates, secrets, publicUrl: 'https://gw.example' });
}

describe('the built-in text', () => {
  it('says what ended how, what it brought, and where it is', () => {
    expect(composer().ofExecution('dlv_1', COMPLETED, slack)).toEqual({
      id: 'dlv_1',
      about: 'exec_1',
      subject: 'triage completed in 4 min 12 s',
      text: 'triage completed in 4 min 12 s\n\nAll is well.\n\nexecution exec_1\nhttps://gw.example/v1/executions/exec_1',
      severity: 'info',
      link: 'https://gw.example/v1/executions/exec_1',
    });
  });

  it.each([
    [failedBy('provider_error', 'the model is away'), 'triage failed after 3 attempts: provider_error'],
    [failedBy('idle_timeout', 'silent for 30 min'), 'triage ran out of time: idle_timeout'],
  ])('of what failed: the code, the attempts, the reason', (execution, subject) => {
    const message = composer().ofExecution('dlv_1', execution, email);
    expect(message).toMatchObject({ subject, severity: 'error' });
    expect(message.text).toContain(execution.error?.message ?? '?');
  });

  it('of structured output is its JSON, and of a long one the beginning', () => {
    const output = { sum: 12, of: ['a', 'b'] };
    expect(composer().ofExecution('d', { ...COMPLETED, output }, email).text).toContain('{"sum":12,"of":["a","b"]}');
    const long = composer().ofExecution('d', { ...COMPLETED, output: 'é😀'.repeat(5_000) }, email).text;
    expect(long.length).toBeLessThan(1_700);
    expect(long.isWellFormed()).toBe(true);
  });
});

describe('what a model wrote', () => {
  const HOSTILE = '<!channel> <@U17> @ops & *x*\r\nBcc: all@example.com\u202e\u0007';
  const hostile = { ...COMPLETED, output: HOSTILE };

  it('calls nobody in Slack, in Telegram, in a template', () => {
    const templates = { own: '<!here> {{ output }} {{ output | upcase }}' };
    expect(composer().ofExecution('d', hostile, slack).text).toContain(
      '&lt;!channel&gt; &lt;@U17&gt; @ops &amp; *x*\n',
    );
    const text = composer(templates).ofExecution('d', hostile, slack, 'own').text;
    expect(text).toMatch(/^<!here> &lt;!channel&gt; .* &lt;!CHANNEL&gt;/s);
    expect(composer().ofExecution('d', hostile, telegram).text).toContain('@\u2060ops');
  });

  it('brings no control characters, and no second line into a subject', () => {
    for (const notifier of [slack, telegram, email, pagerduty]) {
      const { text } = composer().ofExecution('d', hostile, notifier);
      for (const character of '\r\u0007\u202e') expect(text).not.toContain(character);
    }
    const error = failedBy('x\r\nBcc: all@example.com', 'm');
    expect(composer().ofExecution('d', error, email).subject).toBe(
      'triage failed after 3 attempts: x Bcc: all@example.com',
    );
  });

  it('is no template, and loses what is secret', () => {
    const execution = { ...COMPLETED, output: '{{ owner }} key is sk-12345678' };
    const made = composer({ own: '{{ output }}' }, ['sk-12345678']);
    for (const template of [undefined, 'own']) {
      expect(made.ofExecution('d', execution, email, template).text).toContain('{{ owner }} key is [redacted]');
    }
  });

  it('fits, however long it becomes', () => {
    const { text } = composer({ own: '{{ output }}{{ output }}{{ output }}{{ output }}' }).ofExecution(
      'd',
      { ...COMPLETED, output: '@'.repeat(1_500) },
      telegram,
      'own',
    );
    expect(text).toHaveLength(4_096);
  });
});

describe('a template', () => {
  it('names what there is', () => {
    const own =
      '{{ event }} {{ agent }} {{ metadata.ticket }} {{ tags | join: "," }} {{ error.code }}{{ link }} {{ created_at | date: "%H:%M" }}';
    expect(composer({ own }).ofExecution('d', COMPLETED, email, 'own').text).toBe(
      'complete triage 4711 nightly https://gw.example/v1/executions/exec_1 03:04',
    );
  });

  it.each([
    ['that is gone', undefined, 'is not in gateway.yaml'],
    ['that says nothing', '{{ error.code }}', 'said nothing'],
    [
      'that fails',
      '{{ agent | slice: "x", 2, 3 | divided_by: 0 }}{% for i in (1..100000000) %}x{% endfor %}',
      'failed:',
    ],
    ['that takes too long', '{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}', 'failed:'],
  ])('%s gives way to the built-in text, which says so', (_, own, reason) => {
    const message = composer(own === undefined ? {} : { own }).ofExecution('d', COMPLETED, email, 'own');
    expect(message.text).toContain('triage completed in 4 min 12 s\n\nAll is well.');
    expect(message.text).toContain(`(The template "own" ${reason}`);
  });

  it('cannot cut a secret before it is blotted out, nor put a value out as it is', () => {
    const execution = { ...COMPLETED, output: { text: `${'x'.repeat(1_490)}topsecret-and-long` } };
    const secrets = ['topsecret-and-long'];
    const own = '{{ output | slice: 1488, 9 }}';
    const composing = new MessageComposer({ templates: { own }, publicUrl: null, secrets });
    expect(composing.ofExecution('d', execution, email).text).not.toContain('tops');
    expect(composing.ofExecution('d', execution, email, 'own').text).not.toContain('tops');
    expect(composer({ own: '{{ output | raw }}' }).ofExecution('d', COMPLETED, email, 'own').text).toContain(
      'undefined filter: raw',
    );
  });

  it('sees nothing but what it is given', () => {
    const own = '[{{ agent.constructor }}{{ metadata.__proto__ }}{{ metadata.constructor.name }}]';
    expect(composer({ own }).ofExecution('d', COMPLETED, email, 'own').text).toBe('[]');
  });
});
