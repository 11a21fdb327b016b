import { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { agentFile, GatewayFleet } from '../../support/gateway-fleet';
import { describeWithPostgres, describeWithRedis, freshDatabase } from '../../support/servers';
import { HttpSink } from '../../support/sinks/http-sink';

const WORKERS = 4;
const EXECUTIONS = 14;
/** Calls in a window. */
const CALLS = 6;
const WINDOW_MS = 4_000;
/** A call that was let through may take so long on its way, the first of a worker longest: none is later than this. */
const LATE_MS = 1_300;

describeWithRedis('A tool with a rate_limit that four worker processes call', (redisUrl) => {
  describeWithPostgres('(postgres, redis)', (postgresUrl) => {
    let sink: HttpSink;
    let fleet: GatewayFleet;
    let database: Awaited<ReturnType<typeof freshDatabase>>;
    const arrivals: number[] = [];

    beforeAll(async () => {
      sink = await HttpSink.start();
      sink.script = () => {
        arrivals.push(performance.now());
        return { body: { ok: true } };
      };
      database = await freshDatabase(postgresUrl());
      fleet = new GatewayFleet({
        queue: { backend: 'redis', url: redisUrl() },
        persistence: { backend: 'postgres', url: database.url, poolSize: 5 },
        env: {
          LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
          LONGHAUL_PERSISTENCE__POOL_SIZE: '5',
          // Of a slow machine: a lease that is lost makes a call more.
          LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30',
        },
        files: {
          'agents/caller/AGENT.md': agentFile('tools: [page]\nretries: { max_retries: 0 }'),
          'tools/page/TOOL.md':
            `---\ndescription: Reads a page.\nkind: http\nrate_limit: ${CALLS}/${WINDOW_MS / 1_000}s\n` +
            `http: { url: "${sink.url}/" }\n---\n`,
        },
      });
      await Promise.all([fleet.startApi(), ...Array.from({ length: WORKERS }, () => fleet.startWorker())]);
    });
    afterAll(async () => {
      await fleet?.stop();
      sink?.stop();
      await database?.drop();
    });

    it('is never called more often, and all that wait for it come to their end', async () => {
      const api = new ApiClient(fleet.url);
      const demo = { sleep_ms: 0, tool_calls: [[{ tool: 'page' }]] };
      const ids = await Promise.all(
        Array.from({ length: EXECUTIONS }, () => api.submit('caller', { context: { demo } })),
      );
      const ended = await Promise.all(
        ids.map((id) =>
          eventually(
            async () => {
              const execution = await api.execution(id);
              return ['completed', 'failed', 'cancelled'].includes(execution.status) && execution;
            },
            { timeoutMs: 60_000, intervalMs: 200 },
          ),
        ),
      );
      expect(ended.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(ids.map(() => 'completed 1'));
      expect(arrivals).toHaveLength(EXECUTIONS);
      const closest = arrivals.slice(CALLS).map((at, index) => at - (arrivals[index] ?? 0));
      expect(Math.min(...closest)).toBeGreaterThanOrEqual(WINDOW_MS - LATE_MS);
      const runs = (await Promise.all(ids.map((id) => api.runs(id)))).flat();
      expect(new Set(runs.map(({ worker_id }) => worker_id)).size).toBeGreaterThan(1);
    });
  });
});
