import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../support/api-client';
import { freePort } from '../support/free-port';
import { GatewayProcess } from '../support/gateway-process';

const KEY = 'hush-hush-hush-hush';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TALKER = `
import { defineAgent } from 'longhaul';
export default defineAgent({ id: 'talker', executionMode: 'sync' }, async (context) => {
  context.logger.log('I was told ${KEY}');
  return { done: true };
});`;

type Line = Record<string, unknown>;

describe('the log of longhaul serve, where no terminal listens', () => {
  let gateway: GatewayProcess;
  let execution: Record<string, unknown>;
  beforeAll(async () => {
    const files = {
      'gateway.yaml': `
extensions: [./talker.mjs]
queue: { backend: memory }
log: { requests: true }
providers: { acme: { type: openai-compatible, base_url: 'http://127.0.0.1:9/v1', api_key: ${KEY} } }`,
      'talker.mjs': TALKER,
    };
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    gateway = new GatewayProcess(['--workspace', makeWorkspace(files), '--port', String(port)], {}, url);
    await gateway.ready();
    const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, 'x-correlation-id': 'order-4711' };
    const answer = await new ApiClient(url).post('/v1/agents/talker/invoke?', { input: {} }, headers);
    execution = (await answer.json()) as Record<string, unknown>;
    await gateway.until(() => gateway.log.includes('/v1/agents/talker/invoke'));
  });
  afterAll(() => gateway.signal('SIGKILL'));

  const lines = () =>
    gateway.log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  const lineWith = (text: string) => lines().find(({ message }) => String(message).includes(text));

  it('says of what an agent says which execution, run, correlation and trace it belongs to', () => {
    expect(execution).toMatchObject({ status: 'completed' });
    expect(lineWith('I was told')).toMatchObject({
      level: 'log',
      context: `talker ${String(execution['execution_id'])}`,
      execution_id: execution['execution_id'],
      run_id: execution['run_id'],
      correlation_id: 'order-4711',
      trace_id: TRACE,
    });
  });

  it('has a line for each request where that is wished, with its trace', () => {
    expect(lineWith('POST /v1/agents/talker/invoke 200')).toMatchObject({
      context: 'HTTP',
      correlation_id: 'order-4711',
      trace_id: TRACE,
    });
  });

  it('holds no secret of the configuration, whoever says it', () => {
    expect(lineWith('I was told')?.['message']).toBe('I was told [redacted]');
    expect(gateway.log).not.toContain(KEY);
  });
});
