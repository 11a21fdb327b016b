import { basename, join } from 'node:path';
import { Client } from 'pg';
import { CREATE_TASKS } from '../floor/postgres-tasks';
import { newDatabase, type Servers } from '../servers';
import { BenchProcess } from './bench-process';
import { countsAreEven, startInto, type Target } from './target';

const floorFile = (name: string) => join(__dirname, '../floor', `${name}.js`);

export async function startSqliteFloor(name: string, commit: 'each' | 'group', folder: string): Promise<Target> {
  const args = [commit, join(folder, `floor-${commit}.db`)];
  return counting(name, [''], () => BenchProcess.start({ name, file: floorFile('sqlite-floor'), args, folder }));
}

export async function startPostgresFloor(
  name: string,
  commit: 'each' | 'group',
  folder: string,
  servers: Servers,
): Promise<Target> {
  const url = await newDatabase(servers);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(CREATE_TASKS);
  await client.end();
  const rest = [commit, url, servers.redis?.url ?? '', `floor-${commit}`];
  return startPair(name, floorFile('postgres-floor'), rest, folder);
}

export async function startBullMqPeer(name: string, folder: string, { redis }: Servers): Promise<Target> {
  return startPair(name, floorFile('bullmq-peer'), [redis?.url ?? '', `peer-${basename(folder)}`], folder);
}

function startPair(name: string, file: string, rest: string[], folder: string): Promise<Target> {
  const start = (role: string) => BenchProcess.start({ name: `${name} ${role}`, file, args: [role, ...rest], folder });
  return counting(name, ['api', 'worker'], start);
}

async function counting(
  name: string,
  roles: string[],
  start: (role: string) => Promise<BenchProcess>,
): Promise<Target> {
  const processes: BenchProcess[] = [];
  const startAnother = (role: string) => startInto(processes, () => start(role));
  for (const role of roles) await startAnother(role);
  return { name, processes, isSettled: () => countsAreEven(processes), startAnother };
}
