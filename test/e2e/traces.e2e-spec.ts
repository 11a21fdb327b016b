import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, type ExecutionView } from '../support/api-client';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { GatewayFleet } from '../support/gateway-fleet';
import type { GatewayProcess } from '../support/gateway-process';
import { OtlpCollector, type SeenSpan } from '../support/otlp-collector';
import { describeWithRedis, SERVER_START_MS } from '../support/servers';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const SECRET = 'hush-hush-hush';

describeWithRedis('The trace of an execution, with API and worker apart', (redis) => {
  let folder: string;
  let collector: OtlpCollector;
  let fleet: GatewayFleet;
  let api: ApiClient;
  let processes: GatewayProcess[];
  let healthPort: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-traces-'));
    collector = await OtlpCollector.start();
    healthPort = await freePort();
    fleet = new GatewayFleet({
      queue: { backend: 'redis', url: redis() },
      persistence: { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 },
      env: { LONGHAUL_TRACES__OTLP_URL: collector.url, LONGHAUL_TRACES__HEADERS: `{"x-key":"${SECRET}"}` },
    });
    processes = [
      await fleet.startApi(),
      await fleet.startWorker([], { LONGHAUL_WORKER__HEALTH_PORT: String(healthPort) }),
    ];
    api = new ApiClient(fleet.url);
  }, SERVER_START_MS);
  afterAll(async () => {
    await fleet.stop();
    collector.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(body: object, traceparent?: string): Promise<ExecutionView> {
    const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    const answer = await api.post('/v1/agents/worker/chat', body, headers);
    const { execution_id: id } = (await answer.json()) as ExecutionView;
    return eventually(async () => {
      const execution = await api.execution(id);
      return execution.completed_at !== undefined && execution;
    });
  }

  const named = (spans: SeenSpan[], name: string) => {
    const found = spans.find((span) => span.name === name);
    if (!found) throw new Error(`no span "${name}" among ${spans.map((span) => span.name).join(', ')}`);
    return found;
  };

  it('goes from the request through the queue to the call of the model, below its caller', async () => {
    const execution = await run({ message: `say ${SECRET}` }, `00-${TRACE}-${CALLER}-01`);
    const spans = await eventually(() => {
      const mine = collector.spans.filter(({ traceId }) => traceId === TRACE);
      return mine.some(({ name }) => name.startsWith('invoke_agent')) && mine.length >= 5 && mine;
    });
    const request = named(spans, 'POST /v1/agents/:id/chat');
    const submit = named(spans, 'submit worker');
    const agent = named(spans, 'invoke_agent worker');
    const step = named(spans, 'step model:1');
    const model = named(spans, 'chat echo');
    const parents = [request, submit, agent, step, model].map(({ parentSpanId }) => parentSpanId);
    expect(parents).toEqual([CALLER, request.spanId, submit.spanId, agent.spanId, step.spanId]);
    const [apiPid, workerPid] = processes.map(({ pid }) => String(pid));
    expect([request.process, submit.process]).toEqual([apiPid, apiPid]);
    expect([agent.process, step.process, model.process]).toEqual([workerPid, workerPid, workerPid]);
    expect(request.attributes).toMatchObject({ 'http.route': '/v1/agents/:id/chat', 'http.response.status_code': 202 });
    expect(agent.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'worker',
      'longhaul.execution_id': execution.execution_id,
      'longhaul.outcome': 'completed',
    });
    expect(model.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'demo',
      'gen_ai.request.model': 'echo',
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
      'gen_ai.response.finish_reasons': ['stop'],
    });
  });

  it('holds nothing of what was said, and no secret; its key goes along', () => {
    expect(collector.text).not.toContain('say ');
    expect(collector.text).not.toContain(SECRET);
    expect(collector.headers[0]).toMatchObject({ 'x-key': SECRET });
  });

  it('is new where the caller has none, the same in the answer of a refusal, and says what failed', async () => {
    const demo = { fail: 'permanent', sleep_ms: 0 };
    const failed = await run({ message: 'x', context: { demo } });
    expect(failed.status).toBe('failed');
    await eventually(() => {
      const agent = collector.spans.find((span) => span.attributes['longhaul.execution_id'] === failed.execution_id);
      return agent?.status.code === 2 && agent.attributes['longhaul.outcome'] === 'failed';
    });
    const refused = await api.post('/v1/agents/worker/chat', { mesage: 1 });
    const { trace_id: traceId } = (await refused.json()) as { trace_id: string };
    const request = await eventually(() => collector.spans.find((span) => span.traceId === traceId) ?? false);
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 422 });
  });

  it('has no spans of the machines that ask for health and metrics; the worker shows its own metrics', async () => {
    const metrics = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toMatch(/longhaul_worker_slots\{worker="wrk_\w+"\} 4/);
    expect(collector.spans.filter(({ name }) => /health|metrics/.test(name))).toEqual([]);
  });

  it('is sent to its end when a process stops', async () => {
    const { execution_id: id } = await run({ message: 'the last' });
    for (const process of processes) expect(await process.signal('SIGTERM')).toBe(0);
    expect(collector.spans.some((span) => span.attributes['longhaul.execution_id'] === id)).toBe(true);
  });
});

describe('A collector that is away', () => {
  it('harms nothing: executions end, the log says so once, and the process stops in time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-traces-'));
    const url = `http://127.0.0.1:${await freePort()}`;
    const fleet = new GatewayFleet({
      queue: { backend: 'memory' },
      persistence: { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 },
      env: { LONGHAUL_TRACES__OTLP_URL: url },
    });
    try {
      const process = await fleet.startApi();
      const api = new ApiClient(fleet.url);
      const id = await api.submit('worker', { message: 'x', context: { demo: { sleep_ms: 0 } } });
      await eventually(async () => (await api.execution(id)).status === 'completed');
      await process.until(() => process.log.includes('the collector takes no spans'));
      expect(await process.signal('SIGTERM')).toBe(0);
      expect(process.log.split('the collector takes no spans')).toHaveLength(2);
    } finally {
      await fleet.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
