import type { Backend, BenchOptions } from '../options';
import type { Servers } from '../servers';
import { startBullMqPeer, startPostgresFloor, startSqliteFloor } from './floors';
import { LONGHAUL_NAMES, startLonghaul } from './longhaul';
import type { Target } from './target';

/** One line of the report: a target and what it is read against. */
export interface Entry {
  name: string;
  /** The backends whose comparison needs it. */
  for: Backend[];
  /** Names of the entries that it is divided by: the floor on the same database with group commit; BullMQ. */
  against: string[];
  start(): Promise<Target>;
}

const PLAIN_SQLITE_FLOOR = 'floor SQLite, one by one';
const PLAIN_POSTGRES_FLOOR = 'floor PostgreSQL + Redis list, one by one';
const SQLITE_FLOOR = 'floor SQLite, group commit';
const POSTGRES_FLOOR = 'floor PostgreSQL + Redis list, group commit';
const BULLMQ = 'BullMQ behind Fastify';

/** All floors, peers and Longhauls of a run, floors first. */
export function lineUp({ backends, profileFolder }: BenchOptions, folder: string, servers: Servers): Entry[] {
  const longhaul = (backend: Backend, against: string[]): Entry => ({
    name: LONGHAUL_NAMES[backend],
    for: [backend],
    against,
    start: () => startLonghaul({ backend, folder, servers, ...(profileFolder === undefined ? {} : { profileFolder }) }),
  });
  const entries: Entry[] = [
    {
      name: PLAIN_SQLITE_FLOOR,
      for: ['memory'],
      against: [SQLITE_FLOOR],
      start: () => startSqliteFloor(PLAIN_SQLITE_FLOOR, 'each', folder),
    },
    {
      name: SQLITE_FLOOR,
      for: ['memory'],
      against: [],
      start: () => startSqliteFloor(SQLITE_FLOOR, 'group', folder),
    },
    {
      name: PLAIN_POSTGRES_FLOOR,
      for: ['redis', 'rabbitmq'],
      against: [POSTGRES_FLOOR],
      start: () => startPostgresFloor(PLAIN_POSTGRES_FLOOR, 'each', folder, servers),
    },
    {
      name: POSTGRES_FLOOR,
      for: ['redis', 'rabbitmq'],
      against: [],
      start: () => startPostgresFloor(POSTGRES_FLOOR, 'group', folder, servers),
    },
    {
      name: BULLMQ,
      for: ['memory', 'redis', 'rabbitmq'],
      against: [POSTGRES_FLOOR],
      start: () => startBullMqPeer(BULLMQ, folder, servers),
    },
    longhaul('memory', [SQLITE_FLOOR, BULLMQ]),
    longhaul('redis', [POSTGRES_FLOOR, BULLMQ]),
    longhaul('rabbitmq', [POSTGRES_FLOOR, BULLMQ]),
  ];
  return entries.filter((entry) => entry.for.some((backend) => backends.includes(backend)));
}
