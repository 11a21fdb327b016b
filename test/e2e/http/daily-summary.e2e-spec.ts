import { DailySummary } from '@longhaul/delivery';
import { eventually } from '../../support/eventually';
import { SmtpSink } from '../../support/sinks/smtp-sink';
import { TestGateway } from './test-gateway';

const DAY_MS = 86_400_000;

describe('the daily summary', () => {
  let smtp: SmtpSink;
  let gateway: TestGateway;
  beforeAll(async () => {
    smtp = await SmtpSink.start();
    const notifications = {
      email: { smtp_url: smtp.url, from: 'gateway@example.com' },
      daily_summary: { to: ['ops@example.com', 'boss@example.com'], at: '00:00' },
    };
    gateway = await TestGateway.start({ files: { 'gateway.yaml': JSON.stringify({ notifications }) } });
  });
  afterAll(async () => {
    await gateway.stop();
    await smtp.stop();
  });

  it('goes once a day to each recipient, whoever looks how often, and tells what ended and what failed', async () => {
    await gateway.post('/v1/agents/quick/chat', { message: 'one' });
    await gateway.post('/v1/agents/quick/chat', { message: 'two' });
    for (let count = 0; count < 3; count += 1) {
      await gateway.post('/v1/agents/failing/invoke', { input: { code: 'provider_error' } });
    }
    const cancelled = await gateway.submit('slow', { message: 'x', delay_s: 3600 });
    await gateway.post(`/v1/executions/${cancelled}/cancel`, {});

    const summary = gateway.app.get(DailySummary, { strict: false });
    const tomorrow = Date.now() + DAY_MS;
    const looks = await Promise.all([summary.look(tomorrow), summary.look(tomorrow), summary.look(tomorrow)]);
    expect(looks.toSorted()).toEqual([0, 0, 2]);
    expect(await summary.look(tomorrow + 1)).toBe(0);

    const date = new Date(tomorrow).toISOString().slice(0, 10);
    const subject = `Longhaul, ${date}: 2 completed, 3 failed, 1 cancelled`;
    const mails = await eventually(() => {
      const found = smtp.mails.filter(({ mail }) => mail.subject === subject);
      return found.length === 2 && found;
    });
    expect(mails.map(({ to }) => to.join()).toSorted()).toEqual(['boss@example.com', 'ops@example.com']);
    const text = mails[0]?.mail.text ?? '';
    expect(text).toContain('  failing: 0 completed, 3 failed\n');
    expect(text).toContain('  quick: 2 completed, 0 failed\n');
    expect(text).toContain('  slow: 0 completed, 0 failed, 1 cancelled\n');
    expect(text).toMatch(/^ {2}3 x failing: provider_error: failed as asked \(provider_error\) \([0-9a-f]{16}\)$/m);
    expect(text).toContain('Dead letters that nobody has looked after: 3');
  });
});
