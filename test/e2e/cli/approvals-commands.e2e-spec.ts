import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import { eventually } from '../../support/eventually';
import { longhaul } from '../../support/gateway-process';
import { TestGateway } from '../http/test-gateway';

/** Its subject would set the title of a terminal. */
@Agent({ id: 'refunds', maxRetries: 0 })
class RefundsAgent implements AgentHandler {
  async run({ step }: ExecutionContext) {
    const schema = { type: 'object', properties: { euro: { type: 'number', maximum: 100 } } };
    const subject = 'refund\u001b]0;mine\u0007';
    const { approved, arguments: args } = await step.waitForApproval('refund', {
      subject,
      arguments: { euro: 40 },
      schema,
    });
    const paid = await step.waitForEvent('paid', { name: 'order.paid' });
    return { approved, args, paid };
  }
}

describe('longhaul approvals, and events', () => {
  let gateway: TestGateway;
  let url: string;
  beforeAll(async () => {
    gateway = await TestGateway.start({ agents: [RefundsAgent], files: { 'agents/typed/AGENT.md': '---\n---\nx\n' } });
    url = await gateway.listen();
  });
  afterAll(() => gateway.stop());

  const run = (...args: string[]) => longhaul(args, { LONGHAUL_URL: url });
  const record = async (id: string, query = '') => (await gateway.get(`/v1/executions/${id}${query}`)).body;

  async function asked(): Promise<{ execution: string; id: string }> {
    const { body } = await gateway.post('/v1/agents/refunds/invoke', { input: {} }, { prefer: 'respond-async' });
    const execution = String(body['execution_id']);
    const id = await eventually(async () => {
      const page = await gateway.get(`/v1/approvals?execution_id=${execution}`);
      return (page.body['items'] as { approval_id: string }[])[0]?.approval_id ?? false;
    });
    return { execution, id };
  }

  it('show what is asked, fit for a terminal; approve with other arguments; send an event', async () => {
    expect(await run('approvals', 'list')).toMatchObject({ status: 0, stderr: 'nothing is to be decided\n' });
    const { execution, id } = await asked();
    const { stdout: table } = await run('approvals', 'list', '--execution', execution);
    expect(table).toMatch(/^APPROVAL +STATE +AGENT +SUBJECT +REQUESTED +EXPIRES +ARGUMENTS\n/);
    expect(table).toMatch(new RegExp(`\n${id} +pending +refunds +refund.*never +{"euro":40}\n`));
    const { stdout: shown } = await run('approvals', 'show', id);
    expect(shown).toMatch(/^state +pending$/m);
    expect(shown).toContain('arguments\n{\n  "euro": 40\n}\n');
    for (const text of [table, shown]) expect(text).not.toMatch(/[\u0007\u001b]/); // oxlint-disable-line no-control-regex
    const wrong = await run('approvals', 'approve', id, '--arguments', '[]');
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('--arguments: expected a JSON object') });
    const unfit = await run('approvals', 'approve', id, '--arguments', '{"euro":400}');
    expect(unfit).toMatchObject({ status: 2, stderr: expect.stringContaining('arguments.euro: must be <= 100') });
    const said = await run('approvals', 'approve', id, '--arguments', '{"euro":4}', '--feedback', 'Less.');
    expect(said).toMatchObject({ status: 0, stdout: expect.stringMatching(new RegExp(`^${id} approved: refund`)) });
    const late = await run('approvals', 'reject', id);
    expect(late.status).not.toBe(0);
    expect(late.stderr).toContain('was approved by local at');
    await eventually(async () => {
      const { status, waiting_for: waits } = await record(execution);
      return status === 'waiting' && JSON.stringify(waits).includes('order.paid');
    });
    expect(await run('events', 'send', 'order.lost')).toMatchObject({ status: 0, stderr: 'nobody waits for it\n' });
    const sent = await run('events', 'send', 'order.paid', '--data', '{"by":"card"}');
    expect(sent).toMatchObject({ status: 0, stdout: `${execution}\n` });
    const output = { approved: true, args: { euro: 4 }, paid: { by: 'card' } };
    expect(await record(execution, '?wait=20')).toMatchObject({ status: 'completed', output });
  });

  it('reject, as JSON; and what there is not', async () => {
    const { execution, id } = await asked();
    const { stdout } = await run('approvals', 'reject', id, '--feedback', 'No.', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ approval_id: id, decision: 'reject', feedback: 'No.' });
    expect((await run('approvals', 'list', '--state=decided')).stdout).toContain(id);
    expect((await run('approvals', 'show', 'appr_1')).status).toBe(4);
    await gateway.post(`/v1/executions/${execution}/cancel`, undefined);
  });
});
