import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { Invariants } from '@longhaul/executions/testing';
import { ApiClient, type ExecutionView } from '../support/api-client';
import { openTestDatabase } from '../support/databases';
import { eventually } from '../support/eventually';
import { GatewayFleet, type QueueBackend } from '../support/gateway-fleet';
import type { GatewayProcess } from '../support/gateway-process';
import { freshDatabase, isSkipped, SERVER_START_MS, sharedServer } from '../support/servers';

const COUNT = 50;
/** Submitted when the drain is at hand, so that it has only just begun by then, however slow the machine. */
const LATE = 44;
const TERMINAL = ['completed', 'failed', 'cancelled'];

/** What the n-th execution does, and what must become of it. */
function plan(n: number): { demo: Record<string, unknown>; status: string; attempt: number } {
  switch (n % 10) {
    case 0:
      return { demo: { fail: 'permanent' }, status: 'failed', attempt: 1 };
    case 1:
    case 2:
      return { demo: { fail: 'retryable', fail_times: 1, sleep_ms: 50 }, status: 'completed', attempt: 2 };
    case 3:
      return { demo: { sleep_ms: 600_000 }, status: 'cancelled', attempt: 1 };
    case 4:
      // Longer than a drain waits.
      return { demo: { sleep_ms: 4_000 }, status: 'completed', attempt: 1 };
    default:
      return { demo: { sleep_ms: 150 }, status: 'completed', attempt: 1 };
  }
}

/** One crash, one drain and some cancels in the middle of fifty executions: the same on every backend. */
function describeScenario(backend: QueueBackend, database: PersistenceOptions['backend']): void {
  const needs = [database, backend].filter((name) => name === 'postgres' || name === 'redis' || name === 'rabbitmq');
  const skipped = needs.filter(isSkipped);
  const title = `${COUNT} executions on ${backend} and ${database}, through a crash, cancels and a drain`;

  (skipped.length > 0 ? describe.skip : describe)(
    skipped.length > 0 ? `${title} [skipped: ${skipped.join(', ')}]` : title,
    () => {
      let fleet: GatewayFleet;
      let persistence: PersistenceOptions;
      let api: ApiClient;
      const cleanUp: (() => unknown)[] = [];

      beforeAll(async () => {
        persistence = await prepareDatabase();
        const url = backend === 'redis' || backend === 'rabbitmq' ? await sharedServer(backend) : undefined;
        fleet = new GatewayFleet({ queue: { backend, ...(url ? { url } : {}) }, persistence });
      }, SERVER_START_MS);

      afterAll(async () => {
        await fleet?.stop();
        for (const action of cleanUp) await action();
      });

      async function prepareDatabase(): Promise<PersistenceOptions> {
        if (database === 'sqlite') {
          const folder = mkdtempSync(join(tmpdir(), 'longhaul-e2e-'));
          cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
          return { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 };
        }
        const { url, drop } = await freshDatabase(await sharedServer('postgres'));
        cleanUp.push(drop);
        return { backend: 'postgres', url, poolSize: 5 };
      }

      // With backend none an answer comes only with the result: nobody waits for it here.
      function submit(n: number): void {
        const body = { message: `number ${n}`, context: { demo: plan(n).demo }, metadata: { n } };
        void api.post('/v1/agents/worker/chat', body).catch(() => undefined);
      }

      const all = () => api.executions();
      const numberOf = (execution: ExecutionView) => Number(execution.metadata['n']);
      const count = async (...statuses: string[]) =>
        (await all()).filter((execution) => statuses.includes(execution.status)).length;

      it('ends each exactly once, as it should, none run twice at once, and the drain spends no attempt', async () => {
        let server = await fleet.startApi();
        api = new ApiClient(fleet.url);
        const workers: GatewayProcess[] = fleet.apart ? [await fleet.startWorker(), await fleet.startWorker()] : [];

        for (let n = 0; n < COUNT; n += 1) if (n !== LATE) submit(n);
        await eventually(async () => (await all()).length === COUNT - 1, { timeoutMs: 30_000 });

        await eventually(async () => (await count('running')) > 0 && (await count(...TERMINAL)) >= 3);
        if (fleet.apart) await workers[0]?.signal('SIGKILL');
        else {
          await server.signal('SIGKILL');
          server = await fleet.startApi();
        }

        const longOnes = (await all()).filter((execution) => numberOf(execution) % 10 === 3);
        for (const { execution_id } of longOnes) {
          expect((await api.post(`/v1/executions/${execution_id}/cancel`, {})).status).toBe(202);
        }

        // A drain with something under way that takes longer than it waits.
        submit(LATE);
        await eventually(async () => (await all()).some((e) => numberOf(e) === LATE && e.status === 'running'), {
          timeoutMs: 30_000,
        });
        const drained = fleet.apart ? workers[1] : server;
        expect(await drained?.signal('SIGTERM')).toBe(0);
        if (fleet.apart) await fleet.startWorker();
        else server = await fleet.startApi();

        await eventually(async () => (await count(...TERMINAL)) === COUNT, { timeoutMs: 60_000 });
        const executions = await all();
        const seen = executions.map((e) => ({
          n: numberOf(e),
          status: e.status,
          attempt: e.status === 'cancelled' ? 1 : e.attempt,
        }));
        expect(seen.sort((a, b) => a.n - b.n)).toEqual(
          Array.from({ length: COUNT }, (_, n) => ({ n, status: plan(n).status, attempt: plan(n).attempt })),
        );
        const runs = await Promise.all(executions.map((execution) => api.runs(execution.execution_id)));
        const outcomes = runs.flat().map((run) => run.outcome);
        expect(outcomes).toContain('lost');
        expect(outcomes).toContain('released');
        await expectNoViolations();
      });

      async function expectNoViolations(): Promise<void> {
        const opened = await openTestDatabase(persistence);
        try {
          expect(await new Invariants(opened.database).violations()).toEqual([]);
        } finally {
          await opened.database.close();
          await opened.dataSource.destroy();
        }
      }
    },
  );
}

// Each queue once and each database twice, with API and workers in one process and apart: neither knows the other.
describeScenario('none', 'postgres');
describeScenario('memory', 'sqlite');
describeScenario('redis', 'postgres');
describeScenario('rabbitmq', 'sqlite');
