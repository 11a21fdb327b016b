import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

interface WorkerView {
  worker_id: string;
  state: string;
  running: number;
  executions: { execution_id: string }[];
  end_reason?: string;
}

describe('The workers over HTTP', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
  });
  afterEach(() => gateway.stop());

  const listed = async () => (await gateway.get('/v1/workers')).body['items'] as WorkerView[];
  const endless = () => gateway.submit('slow', { message: 'x', context: { demo: { sleep_ms: 3_600_000 } } });
  const record = async (id: string) => (await gateway.get(`/v1/executions/${id}`)).body;

  async function worker(): Promise<WorkerView> {
    const [only] = await listed();
    if (!only) throw new Error('no worker is listed');
    return only;
  }

  it('are listed with what they run', async () => {
    const id = await endless();
    const busy = await eventually(async () => {
      const found = await worker();
      return found.running === 1 && found;
    });
    expect(busy).toMatchObject({
      state: 'active',
      pid: process.pid,
      version: '0.0.0',
      slots: 20,
      executions: [{ execution_id: id }],
    });
    expect((await gateway.get('/v1/workers?all=1')).status).toBe(422);
  });

  it('drain when asked: what runs goes back at no cost, the API goes on and says that it has no worker', async () => {
    const id = await endless();
    await eventually(async () => (await record(id))['status'] === 'running');
    const { worker_id } = await worker();
    const answer = await gateway.post(`/v1/workers/${worker_id}/drain`, undefined);
    expect([answer.status, answer.body['state']]).toEqual([202, 'draining']);
    expect(answer.body['drain_requested_at']).toBeDefined();
    const ended = await eventually(async () => {
      const found = await worker();
      return found.state === 'ended' && found;
    });
    expect(ended).toMatchObject({ worker_id, end_reason: 'stopped', running: 0 });
    expect(await record(id)).toMatchObject({ status: 'queued' });
    expect((await gateway.post(`/v1/workers/${worker_id}/drain`, undefined)).body['state']).toBe('ended');

    const health = await gateway.get('/health/ready');
    expect([health.status, health.body['status']]).toEqual([200, 'degraded']);
    expect(health.text).toContain('restart this process');
    const next = await gateway.submit('slow', { message: 'later' });
    expect(await record(next)).toMatchObject({ status: 'queued' });
  });

  it.each(['wrk_01JD8Z4M7T9QW2X5C6V8B0N3KT', 'nonsense'])('that there are not are answered 404: %s', async (id) => {
    const { status, body } = await gateway.post(`/v1/workers/${id}/drain`, undefined);
    expect([status, body['code'], body['detail']]).toEqual([404, 'not_found', expect.stringContaining('/v1/workers')]);
  });
});
