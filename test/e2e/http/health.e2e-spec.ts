import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { ExecutionQueue } from '@longhaul/queue';
import { ReadinessState } from '../../../apps/api/src/health/readiness-state';
import { TestGateway } from './test-gateway';

describe('health', () => {
  let gateway: TestGateway;
  afterEach(() => gateway.stop());
  afterEach(() => jest.restoreAllMocks());

  it('is ready, and names what it stands on', async () => {
    gateway = await TestGateway.start();
    expect((await gateway.get('/health/live')).body).toEqual({ status: 'ok', details: {} });
    const { status, body } = await gateway.get('/health/ready');
    expect([status, body['status']]).toEqual([200, 'ok']);
    expect(body['details']).toMatchObject({
      process: { status: 'up' },
      database: { status: 'up' },
      queue: { status: 'up' },
      agents: { status: 'up', loaded: 5 },
    });
  });

  it('is degraded and still ready with an agent that does not load', async () => {
    gateway = await TestGateway.start({ worker: false, files: { 'agents/broken/AGENT.md': '---\nqueue: [\n---\n' } });
    const { status, body } = await gateway.get('/health/ready');
    expect([status, body['status']]).toEqual([200, 'degraded']);
    expect(JSON.stringify(body['details'])).toContain('agents/broken/AGENT.md');
  });

  it('is not ready while the queue is away, says which and why, and still accepts', async () => {
    gateway = await TestGateway.start({ worker: false });
    jest.spyOn(gateway.app.get(ExecutionQueue), 'ping').mockRejectedValue(new Error('connection refused'));
    const { status, body } = await gateway.get('/health/ready');
    expect([status, body['code']]).toEqual([503, 'unavailable']);
    expect(body['errors']).toEqual([{ path: 'queue', message: 'connection refused' }]);
    expect(body['details']).toMatchObject({ database: { status: 'up' }, queue: { status: 'down' } });
    await gateway.submit('slow', { message: 'x' });
  });

  // 57014: a statement that waited for a lock for too long, 40P01: a deadlock.
  it.each(['ECONNREFUSED', '57014', '40P01', 'SQLITE_FULL'])(
    'answers 503 instead of accepting while the database is away: %s',
    async (code) => {
      gateway = await TestGateway.start({ worker: false });
      const database = gateway.app.get(Database);
      jest.spyOn(database, 'write').mockRejectedValue(Object.assign(new Error('refused'), { code }));
      const { status, body, headers } = await gateway.post('/v1/agents/slow/chat', { message: 'x' });
      expect([status, body['code'], headers['retry-after']]).toEqual([503, 'unavailable', '5']);
    },
  );

  it('does not tell what it did not mean to throw', async () => {
    gateway = await TestGateway.start({ worker: false });
    const database = gateway.app.get(Database);
    const write = jest.spyOn(database, 'write').mockRejectedValue(new Error('secret of the house'));
    const internal = await gateway.post('/v1/agents/slow/chat', { message: 'x' });
    expect([internal.status, internal.body['code']]).toEqual([500, 'internal_error']);
    expect(internal.text).not.toContain('secret');
    jest.spyOn(database, 'ping').mockRejectedValue(new Error('timeout exceeded when trying to connect'));
    expect((await gateway.post('/v1/agents/slow/chat', { message: 'x' })).status).toBe(503);
    write.mockRestore();
  });

  it('is not ready any more from the first moment of a shutdown, while the rest still drains', async () => {
    let seen: number | undefined;

    @Injectable()
    class Draining implements OnModuleDestroy {
      async onModuleDestroy() {
        seen = (await gateway.get('/health/ready')).status;
      }
    }
    @Module({ providers: [Draining] })
    class DrainingModule {}

    gateway = await TestGateway.start({ worker: false, modules: [DrainingModule] });
    expect(gateway.app.get(ReadinessState).ready).toBe(true);
    await gateway.stop();
    expect(seen).toBe(503);
  });
});
