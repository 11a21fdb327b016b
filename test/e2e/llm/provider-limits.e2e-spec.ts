import { eventually } from '../../support/eventually';
import { answers, callsTools, FakeLlm, type LlmRequest, says } from '../../support/fake-llm';
import { TestGateway } from '../http/test-gateway';

const AGENT = '---\nmodel: { name: local/small }\nretries: { max_retries: 1, delay_s: 0 }\n---\nYou talk.\n';

describe('a provider that may be asked so often, and for so much', () => {
  let llm: FakeLlm;
  let gateway: TestGateway;

  async function start(limits: object, agent = AGENT, others: object = {}): Promise<void> {
    gateway = await TestGateway.start({
      files: { 'agents/talker/AGENT.md': agent },
      env: {
        LONGHAUL_PROVIDERS: JSON.stringify({ local: { base_url: llm.url, ...limits }, ...others }),
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      },
    });
  }
  beforeEach(async () => {
    llm = await FakeLlm.start();
  });
  afterEach(async () => {
    await gateway.stop();
    await llm.stop();
  });

  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body;
  const submit = (count: number) =>
    Promise.all(Array.from({ length: count }, () => gateway.submit('talker', { message: 'Hi' })));
  const end = (id: string) =>
    eventually(async () => {
      const body = await record(id);
      return ['completed', 'failed'].includes(String(body['status'])) && body;
    });
  const stepsOf = async (id: string) => {
    const { items } = (await gateway.get(`/v1/executions/${id}/steps`)).body;
    return (items as { key: string; status: string }[]).map(({ key, status }) => `${key} ${status}`);
  };

  it('is waited for without a worker by whoever comes too soon, and no attempt is spent', async () => {
    await start({ rate_limit: '2/5s' });
    const ids = await submit(4);
    await eventually(async () => {
      const bodies = await Promise.all(ids.map(record));
      const waiting = bodies.filter((body) => body['status_detail'] === 'waiting_quota');
      return waiting.length === 2 && llm.requests.length === 2;
    });
    for (const id of ids) expect(await end(id)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(llm.requests).toHaveLength(4);
    const journals = await Promise.all(ids.map(stepsOf));
    const late = journals.filter((steps) => steps.length > 1);
    expect(late).toHaveLength(2);
    for (const steps of late) expect(steps).toContain('model:1:quota:1 completed');
  });

  it('is waited for with the worker where that takes less than a second', async () => {
    await start({ rate_limit: '1/s' });
    const ids = await submit(2);
    for (const id of ids) {
      expect(await end(id)).toMatchObject({ status: 'completed' });
      expect(await stepsOf(id)).toEqual(['model:1 completed']);
    }
  });

  it('is waited for by those who come after an answer that took more than there was', async () => {
    await start({ token_limit: '100/5s' });
    llm.script.push(says('Long.', { usage: { input: 90, output: 60 } }));
    const [first] = await submit(1);
    expect(await end(first!)).toMatchObject({ status: 'completed', usage: { input_tokens: 90, output_tokens: 60 } });
    const [second] = await submit(1);
    await eventually(async () => (await record(second!))['status_detail'] === 'waiting_quota');
    expect(llm.requests).toHaveLength(1);
    expect(await end(second!)).toMatchObject({ status: 'completed', output: { text: 'Hello.' } });
  });

  it('is asked nothing, and charged nothing, for what is recorded', async () => {
    await start({ rate_limit: '2/d' }, AGENT.replace('---\nYou', 'tools: [request_approval]\n---\nYou'));
    llm.script.push(callsTools([{ tool: 'request_approval', arguments: { plan: 'Go' } }]), says('Gone.'));
    const id = await gateway.submit('talker', { message: 'Go' });
    const approval = await eventually(async () => {
      const items = (await gateway.get('/v1/approvals')).body['items'] as { approval_id: string }[];
      return items[0] ?? false;
    });
    await gateway.post(`/v1/approvals/${approval.approval_id}/decision`, { decision: 'approve' });
    // Two requests were allowed, and the replayed one is none.
    expect(await end(id)).toMatchObject({ status: 'completed', output: { text: 'Gone.' } });
    expect(llm.requests).toHaveLength(2);
  });

  it('comes by the same way to a recorded answer in the next attempt, and pays for it once', async () => {
    await start({ rate_limit: '1/3s' }, AGENT.replace('---\nYou', 'tools: [request_approval]\n---\nYou'));
    const turn = callsTools([{ tool: 'nothing' }]);
    llm.script.push(turn, turn, { kind: 'unfinished', text: 'Hal' }, says('Done.'));
    const id = await gateway.submit('talker', { message: 'Go' });
    expect(await end(id)).toMatchObject({ status: 'completed', attempt: 2, output: { text: 'Done.' } });
    // The first two turns once, and the third twice.
    expect(llm.requests).toHaveLength(4);
    expect(await stepsOf(id)).toContain('model:2:2 completed');
  });

  it('is not taken to have answered because it was waited for: a later attempt begins with the first model', async () => {
    const agent = AGENT.replace('local/small', 'first/small, fallback: local/small');
    await start({ rate_limit: '1/3s' }, agent, { first: { base_url: `${llm.url}/first` } });
    const down = answers(503, { 'retry-after': '0' });
    const isFirst = ({ path }: LlmRequest) => path.includes('/first/');
    llm.reply = (request) => (isFirst(request) ? down : says('Of the second.'));
    const [spender] = await submit(1);
    expect(await end(spender!)).toMatchObject({ status: 'completed', output: { text: 'Of the second.' } });
    const [id] = await submit(1);
    await eventually(async () => (await record(id!))['status_detail'] === 'waiting_quota');
    llm.reply = (request) => (isFirst(request) ? says('Of the first.') : answers(401));
    expect(await end(id!)).toMatchObject({ status: 'completed', attempt: 2, output: { text: 'Of the first.' } });
  });
});
