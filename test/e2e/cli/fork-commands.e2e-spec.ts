import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import { longhaul } from '../../support/gateway-process';
import { TestGateway } from '../http/test-gateway';

/** Its price would set the title of a terminal. */
@Agent({ id: 'shop', maxRetries: 0 })
class ShopAgent implements AgentHandler {
  async run({ step, input }: ExecutionContext) {
    const price = await step.run('price', () => '10\u001b]0;mine\u0007');
    return { sold: await step.run('sell', () => `${JSON.stringify(input)} for ${price}`) };
  }
}

describe('longhaul executions fork, and diff', () => {
  let gateway: TestGateway;
  let url: string;
  beforeAll(async () => {
    gateway = await TestGateway.start({ agents: [ShopAgent], files: { 'agents/typed/AGENT.md': '---\n---\nx\n' } });
    url = await gateway.listen();
  });
  afterAll(() => gateway.stop());

  const run = (...args: string[]) => longhaul(args, { LONGHAUL_URL: url });
  const ended = async (id: string) => (await gateway.get(`/v1/executions/${id}?wait=20`)).body;

  it('do one again from a step on, and show both, fit for a terminal', async () => {
    const { body } = await gateway.post('/v1/agents/shop/invoke', { input: 'one' });
    const id = String(body['execution_id']);
    const flags = ['--from-step', 'sell', '--input', '"two"', '--step-result', 'price="3\\u001b]0;x\\u0007"'];
    const { stdout, stderr, status } = await run('executions', 'fork', id, ...flags);
    expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^exec_\w{26}\n$/) as string, status: 0 });
    const forked = stdout.trim();
    expect(stderr).toContain(`diff ${id} ${forked}`);
    expect(await ended(forked)).toMatchObject({ status: 'completed', forked_from: id });
    const shown = await run('diff', id, forked, '--results');
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^ +LEFT +RIGHT\nexecution +exec_/);
    expect(shown.stdout).toMatch(new RegExp(`^forked from +${id}$`, 'm'));
    expect(shown.stdout).toMatch(/^changed +input, step_results.price$/m);
    expect(shown.stdout).toMatch(/^price +shared, changed +completed \d.*"10\\u001b.*completed .*"3\\u001b/m);
    expect(shown.stdout).toMatch(/^sell +changed +completed/m);
    expect(shown.stdout).toMatch(/^2 steps: 1 shared; 0 same, 2 changed, 0 only left, 0 only right$/m);
    expect(shown.stdout).toMatch(/^the input is another one\noutput:\n- {\n/m);
    expect(shown.stdout).not.toMatch(/[\u0007\u001b]/); // oxlint-disable-line no-control-regex
    const json = await run('diff', id, forked, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ output: 'changed', counts: { changed: 2 } });
  });

  it('take a prompt and a model, also from a file', async () => {
    const { body } = await gateway.post('/v1/agents/typed/chat', { message: 'Hello' });
    const id = String(body['execution_id']);
    const file = join(makeWorkspace(), 'prompt.md');
    writeFileSync(file, 'You are kind.\u001b]0;x\u0007');
    const { stdout } = await run('executions', 'fork', id, '--prompt', `@${file}`, '--model', 'demo/other', '--json');
    const { execution_id: forked } = JSON.parse(stdout) as { execution_id: string };
    expect(await ended(forked)).toMatchObject({ status: 'completed', fork: { changed: ['prompt', 'model'] } });
    const shown = await run('diff', id, forked);
    expect(shown.stdout).toMatch(/^model +demo\/other$/m);
    expect(shown.stdout).toMatch(/^model:1 +changed +completed \d.* s +completed \d.* s$/m);
    expect(shown.stdout).toMatch(/^prompt:\n\+ You are kind\.\]0;x$/m);
  });

  it('say what is wrong', async () => {
    const { body } = await gateway.post('/v1/agents/shop/invoke', { input: 'one' });
    const id = String(body['execution_id']);
    const badFlag = await run('executions', 'fork', id, '--step-result', 'price');
    expect(badFlag).toMatchObject({ status: 2, stderr: expect.stringContaining('--step-result: expected KEY=JSON') });
    const badJson = await run('executions', 'fork', id, '--step-result', 'price=x');
    expect(badJson).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--step-result price: it is not JSON'),
    });
    const noStep = await run('executions', 'fork', id, '--from-step', 'sel');
    expect(noStep).toMatchObject({ status: 2, stderr: expect.stringContaining('did you mean "sell"?') });
    expect((await run('diff', id, 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP')).status).toBe(4);
  });
});
