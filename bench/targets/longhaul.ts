import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import type { Protection } from '@longhaul/kernel';
import { newDatabase, type Servers } from '../servers';
import type { Backend } from '../options';
import { SERVED, WORKLOAD } from '../workload';
import { BenchProcess } from './bench-process';
import { startInto, type Target } from './target';

/** One row while anything that was accepted for a served queue is not yet terminal. */
const UNSETTLED = `SELECT 1 FROM executions WHERE status IN ('queued', 'running')
  AND queue IN (${SERVED.map((agent) => `'${WORKLOAD[agent].queue}'`).join(', ')}) LIMIT 1`;

export const LONGHAUL_NAMES: Record<Backend, string> = {
  memory: 'Longhaul memory + SQLite',
  redis: 'Longhaul redis + PostgreSQL',
  rabbitmq: 'Longhaul rabbitmq + PostgreSQL',
};

export interface LonghaulOptions {
  backend: Backend;
  folder: string;
  servers: Servers;
  profileFolder?: string;
  /** Protections that it goes without. */
  off?: Protection[];
  /** More of its gateway.yaml, and what to call it then. */
  settings?: { name: string; yaml: string };
}

/** Longhaul on a workspace of its own: all in one process for memory, API and worker apart for a broker. */
export async function startLonghaul(options: LonghaulOptions): Promise<Target> {
  const { backend, folder, servers, profileFolder, off = [], settings } = options;
  const more = settings ? [settings.name] : [];
  const name = [LONGHAUL_NAMES[backend], ...off.map((protection) => `without ${protection}`), ...more].join(' ');
  const workspace = join(folder, ['workspace', backend, ...off, ...more].join('-').replaceAll(' ', '-'));
  const database = backend === 'memory' ? join(workspace, 'longhaul.db') : await newDatabase(servers);
  mkdirSync(join(workspace, 'agents'), { recursive: true });
  writeFileSync(join(workspace, 'gateway.yaml'), gatewayYaml(backend, database, servers, settings?.yaml));
  const processes: BenchProcess[] = [];
  const startAnother = (role: string) =>
    startInto(processes, () =>
      BenchProcess.start({
        name: `${name} ${role}`,
        file: join(__dirname, 'longhaul-target.js'),
        args: [role, workspace, ...off],
        folder,
        execArgv: profileFolder === undefined ? [] : profileFlags(profileFolder, `${backend}-${role}`),
      }),
    );
  for (const role of backend === 'memory' ? ['all'] : ['api', 'worker']) await startAnother(role);
  const watched = backend === 'memory' ? watchSqlite(database) : await watchPostgres(database);
  return { name, processes, startAnother, ...watched };
}

function profileFlags(folder: string, name: string): string[] {
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}.cpuprofile`];
}

/** max_depth counts what the accept measure leaves waiting. */
function gatewayYaml(
  backend: Backend,
  database: string,
  { redis, rabbitmq }: Servers,
  more = 'server: { port: 0, streams: { max: 100000 } }',
) {
  const broker = { memory: '', redis: `redis_url: ${redis?.url}`, rabbitmq: `rabbitmq_url: ${rabbitmq?.url}` }[backend];
  return `${more}
http: { allow_private_cidrs: [127.0.0.0/8] }
persistence:
  backend: ${backend === 'memory' ? 'sqlite' : 'postgres'}
  url: ${database}
queue:
  backend: ${backend}
  max_depth: 10000000
  stream_key: longhaul-bench-${basename(database)}
  queue_name: longhaul-bench-${basename(database)}
  ${broker}
`;
}

function watchSqlite(file: string): Pick<Target, 'isSettled' | 'close'> {
  const db = new BetterSqlite3(file, { readonly: true });
  const unsettled = db.prepare(UNSETTLED);
  return {
    isSettled: () => Promise.resolve(unsettled.get() === undefined),
    close: () => Promise.resolve(void db.close()),
  };
}

async function watchPostgres(url: string): Promise<Pick<Target, 'isSettled' | 'close'>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    isSettled: async () => (await client.query({ name: 'unsettled', text: UNSETTLED })).rows.length === 0,
    close: () => client.end(),
  };
}
