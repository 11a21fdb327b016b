import { stripVTControlCharacters } from 'node:util';
import type { Protection } from '@longhaul/kernel';
import {
  isSkipped,
  SERVER_START_MS,
  sharedServer,
  startPostgres,
  startRabbitMq,
  startRedis,
} from '../../support/servers';
import type { TestServer } from '../../support/servers';
import type { ServerName } from '../../support/servers/server-names';
import { FaultWorld, type WorldOptions } from './fault-world';
import { partsOf, serversOf, type Target } from './targets';

const START: Record<ServerName, () => Promise<TestServer>> = {
  redis: startRedis,
  rabbitmq: startRabbitMq,
  postgres: startPostgres,
};
/** Whether all of the suite is asked for, and not its bounded part. */
export const EVERYTHING = process.env['LONGHAUL_FAULTS_ALL'] === '1';
/** How long a case waits for what must come; one that is to go red shows it sooner. */
const PATIENCE_MS = 240_000;
const RED_PATIENCE_MS = 15_000;

export interface FaultCase {
  /** Its rows in the table of RELIABILITY: `F1`, `F12-F13`. */
  id: string;
  /** What is done, and what must hold. */
  title: string;
  /** Where it is shown in every run. */
  on: Target[];
  /** Where it is shown besides, when all is asked for. */
  alsoOn?: Target[];
  /** Servers that the case kills, freezes or configures: private ones, given to `run`. */
  own?: Partial<Record<ServerName, () => Promise<TestServer>>> | ServerName[];
  /** The same, shared by the cases of one file, since it takes long to start: see `serverOfFile`. */
  lent?: Partial<Record<ServerName, () => TestServer>>;
  /** Servers that `run` reaches besides those of the target. */
  besides?: ServerName[];
  env?: Record<string, string>;
  files?: Record<string, string>;
  /** Rejects when something does not hold. What the invariants say is judged after it. */
  run(world: FaultWorld, own: Record<ServerName, TestServer>): Promise<void>;
  /** Protections without which this very case must fail; `seen`: and in this way, not in any. */
  red?: { without: Protection; on: Target; seen: RegExp }[];
}

/** A private server for all cases of the file that calls this; one that a case has killed is started again for the next. */
export function serverOfFile(name: ServerName, start = START[name]): () => TestServer {
  let server: TestServer | undefined;
  beforeAll(async () => {
    if (!isSkipped(name)) server = await start();
  }, SERVER_START_MS);
  afterAll(() => server?.stop());
  return () => {
    if (!server) throw new Error(`${name} is not up before beforeAll`);
    return server;
  };
}

/** Makes the tests of one fault: green where all is on, red without each protection that it is the proof of. */
export function describeFault(fault: FaultCase): void {
  const targets = [...fault.on, ...(EVERYTHING ? (fault.alsoOn ?? []) : [])];
  describe(`${fault.id}: ${fault.title}`, () => {
    for (const target of targets) {
      testOn(fault, target, `on ${target}`, async () => {
        await inWorld(fault, target, [], async (world, own) => {
          await fault.run(world, own);
          expect(await world.violations()).toEqual([]);
        });
      });
    }
    for (const { without, on, seen: wanted } of fault.red ?? []) {
      testOn(fault, on, `goes red without ${without}`, async () => {
        await inWorld(fault, on, [without], async (world, own) => {
          const failures: string[] = [];
          await fault.run(world, own).catch((error: unknown) => failures.push(summaryOf(error)));
          const seen = [...failures, ...(await world.violations().catch(() => []))];
          expect(seen.join('; ')).toMatch(wanted);
          console.log(`${fault.id} without ${without}: ${seen.join('; ')}`);
        });
      });
    }
  });
}

/** What jest's matchers say is one line of general words, and then what differs: the lines with + and -. */
function summaryOf(error: unknown): string {
  const [first = '', ...rest] = stripVTControlCharacters(String(error)).split('\n');
  return [first, ...rest.filter((line) => /^[-+] {2}|^(Expected|Received)[^:]*:/.test(line)).slice(0, 6)].join(' ');
}

function testOn({ besides = [] }: FaultCase, target: Target, name: string, body: () => Promise<void>): void {
  const missing = [...serversOf(target), ...besides].filter(isSkipped);
  if (missing.length > 0) it.skip(`${name} [skipped: LONGHAUL_TEST_SKIP has ${missing.join(', ')}]`, body);
  else it(name, body, SERVER_START_MS);
}

type Body = (world: FaultWorld, own: Record<ServerName, TestServer>) => Promise<void>;

async function inWorld(fault: FaultCase, target: Target, off: Protection[], body: Body): Promise<void> {
  const started = await startOwn(fault, target);
  const own = { ...(await borrow(fault, target)), ...started };
  let world: FaultWorld | undefined;
  try {
    world = await FaultWorld.open(await optionsOf(fault, target, off, own));
    await body(world, own as Record<ServerName, TestServer>);
  } catch (error) {
    if (world && error instanceof Error) error.message += `\n--- what the processes said ---\n${world.fleet.log}`;
    throw error;
  } finally {
    await world?.close();
    await Promise.all(Object.values(started).map((server) => server.stop()));
  }
}

async function startOwn({ own = [] }: FaultCase, target: Target): Promise<Partial<Record<ServerName, TestServer>>> {
  const starters = Array.isArray(own) ? Object.fromEntries(own.map((name) => [name, START[name]])) : own;
  const names = serversOf(target).filter((name) => starters[name]);
  const started = await Promise.all(
    names.map(async (name) => [name, await (starters[name] ?? START[name])()] as const),
  );
  return Object.fromEntries(started);
}

async function borrow({ lent = {} }: FaultCase, target: Target): Promise<Partial<Record<ServerName, TestServer>>> {
  const servers = serversOf(target).flatMap((name) => {
    const server = lent[name]?.();
    return server ? [[name, server] as const] : [];
  });
  await Promise.all(servers.map(([, server]) => server.revive()));
  return Object.fromEntries(servers);
}

async function optionsOf(
  { env = {}, files = {} }: FaultCase,
  target: Target,
  off: Protection[],
  own: Partial<Record<ServerName, TestServer>>,
): Promise<WorldOptions> {
  const { queue, database } = partsOf(target);
  const urlOf = async (name: ServerName) => own[name]?.url ?? sharedServer(name);
  const urls = {
    ...(queue === 'redis' || queue === 'rabbitmq' ? { queue: await urlOf(queue) } : {}),
    ...(database === 'postgres' ? { postgres: await urlOf('postgres') } : {}),
  };
  return { target, urls, off, env, files, patienceMs: off.length > 0 ? RED_PATIENCE_MS : PATIENCE_MS };
}
