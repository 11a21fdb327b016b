import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { send } from './http-client';
import { BODY } from './measures/load';
import { BACKENDS, type Backend, listOf } from './options';
import { percentile } from './report/statistics';
import { table } from './report/table';
import { type Servers, startServers, stopServers } from './servers';
import { openSse, type OpenSse } from './sse-client';
import { startLonghaul } from './targets/longhaul';
import { stopTarget, type Target, urlOf, usages } from './targets/target';

const WARM_UP = 20;
const CHUNKS = { one: 300, crowd: 250 };
const EVERY_MS = 20;
/** Of the crowd, those that say how late they were: the client has the same two cores. */
const MEASURED = 20;
/** Streams that are opened at once. */
const AT_ONCE = 50;
const REPEATS = 3;

/** `npm run bench:streams`: from `append` to the SSE client, what an idle stream costs, and a crowd on one execution. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      idle: { type: 'string', default: '2000' },
      followers: { type: 'string', default: '1000' },
    },
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const servers = await startServers(backends);
  const rows: string[][] = [];
  const load = loadavg()[0]?.toFixed(1);
  try {
    for (const backend of backends) {
      const target = await startLonghaul({ backend, folder, servers });
      const lags: number[] = [];
      for (let n = 0; n < REPEATS; n += 1) lags.push(...(await oneFollower(target)).slice(WARM_UP));
      const idle = await idleStreams(target, Number(values.idle));
      const reads = readsOf(backend, servers);
      const alone = await manyFollowers(target, 1, reads);
      const crowd = await manyFollowers(target, Number(values.followers), reads);
      rows.push([
        target.name,
        ms(lags, 50),
        ms(lags, 99),
        idle,
        ms(crowd.lags, 50),
        ms(crowd.lags, 99),
        `${alone.reads} > ${crowd.reads}`,
        crowd.rssMb,
      ]);
      await stopTarget(target);
    }
    console.log(`\n${cpus().length} cores, load before ${load}, after ${loadavg()[0]?.toFixed(1)}\n`);
    const crowd = `${values.followers} followers`;
    const head = [
      'target',
      'p50 ms',
      'p99 ms',
      'KB idle',
      `p50 ms, ${crowd}`,
      'p99 ms',
      `reads/s, 1 > ${values.followers}`,
      'RSS MB before > during',
    ];
    console.log(table(head, rows));
  } finally {
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

const ms = (values: number[], percent: number) => percentile(values, percent).toFixed(1);

async function submit(target: Target, agent: string, body: string): Promise<string> {
  const accepted = await send('POST', `${urlOf(target)}/v1/agents/${agent}/chat`, body);
  return `${urlOf(target)}/v1/executions/${accepted['execution_id'] as string}/events`;
}

function chatty(chunks: number, waitMs: number): string {
  return JSON.stringify({ message: 'talk', context: { chunks, everyMs: EVERY_MS, waitMs } });
}

async function oneFollower(target: Target): Promise<number[]> {
  const stream = await openSse(await submit(target, 'chatty', chatty(CHUNKS.one, 500)), { measure: true });
  await stream.ended;
  return stream.lags;
}

/** Each of an execution of its own, which waits. */
async function idleStreams(target: Target, count: number): Promise<string> {
  // The first ones bring code and pools with them that the others share.
  const warm = await openMany(100, async () => openSse(await submit(target, 'parked', BODY), { measure: false }));
  const urls: string[] = [];
  for (let n = 0; n < count; n += 1) urls.push(await submit(target, 'parked', BODY));
  const before = await apiRssMb(target);
  const open = await openMany(count, (n) => openSse(urls[n] ?? '', { measure: false }));
  const after = await apiRssMb(target);
  for (const stream of [...warm, ...open]) stream.close();
  return (((after - before) * 1024) / count).toFixed(1);
}

async function manyFollowers(target: Target, count: number, reads: () => Promise<number | undefined>) {
  const before = await apiRssMb(target);
  const url = await submit(target, 'chatty', chatty(CHUNKS.crowd, 15_000));
  const streams = await openMany(count, (n) => openSse(url, { measure: n % Math.ceil(count / MEASURED) === 0 }));
  const seen = streams[0]?.lags ?? [];
  while (seen.length < WARM_UP) await pause(20);
  const [readsAtFirst, from] = [await reads(), performance.now()];
  while (seen.length < CHUNKS.crowd - WARM_UP) await pause(20);
  const [readsAtLast, seconds] = [await reads(), (performance.now() - from) / 1_000];
  const during = await apiRssMb(target);
  await Promise.all(streams.map(({ ended }) => ended));
  const perSecond = readsAtFirst === undefined ? undefined : ((readsAtLast ?? 0) - readsAtFirst) / seconds;
  return {
    lags: streams.flatMap(({ lags }) => lags),
    reads: perSecond?.toFixed(0) ?? 'not counted',
    rssMb: `${before.toFixed(0)} > ${during.toFixed(0)}`,
  };
}

async function openMany(count: number, open: (n: number) => Promise<OpenSse>): Promise<OpenSse[]> {
  const streams: OpenSse[] = [];
  for (let n = 0; n < count; n += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, index) => open(n + index));
    streams.push(...(await Promise.all(some)));
  }
  return streams;
}

async function apiRssMb(target: Target): Promise<number> {
  return (await usages(target))[0]?.rssMb ?? Number.NaN;
}

/** Scans of the table of events so far, by PostgreSQL's own statistics; SQLite keeps none. */
function readsOf(backend: Backend, { postgres }: Servers): () => Promise<number | undefined> {
  if (backend === 'memory' || !postgres) return () => Promise.resolve(undefined);
  return async () => {
    const names = await rowsOf(
      postgres.url,
      "SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY oid DESC",
    );
    const url = new URL(postgres.url);
    url.pathname = `/${names[0]?.['datname'] as string}`;
    const scans = `SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS scans FROM pg_stat_user_tables
      WHERE relname = 'events'`;
    return Number((await rowsOf(url.toString(), scans))[0]?.['scans']);
  };
}

async function rowsOf(connectionString: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
