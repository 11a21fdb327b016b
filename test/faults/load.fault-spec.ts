import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { GatewayProcess } from '../support/gateway-process';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const AT_ONCE = 32;
const COUNT = 10_000;
const INPUT_LENGTH = 20_000;
/** The gateway itself takes a third of it. The inputs are 200 MB: were they kept, in whatever form, it would be its end. */
const HEAP_MB = 256;

interface Answer {
  status: number;
  retryAfter: string | undefined;
  code: string | undefined;
}

/** So many submissions from so few clients, each on one connection that stays open. */
async function submitMany(world: FaultWorld, count: number, onAnswer: (answer: Answer) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      onAnswer(await submit(world.fleet.url, agent));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  agent.destroy();
}

function submit(url: string, agent: Agent): Promise<Answer> {
  const body = JSON.stringify({ input: { do: [{ op: 'say', text: 'x'.repeat(INPUT_LENGTH) }] } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/agents/work/invoke`, { method: 'POST', agent, headers }, (response) => {
      const answered = (json: string) =>
        resolve({
          status: response.statusCode ?? 0,
          retryAfter: response.headers['retry-after'],
          code: (JSON.parse(json) as { code?: string }).code,
        });
      text(response).then(answered, reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** The memory that the process holds, in megabytes, as Linux counts it. */
function memoryOf({ pid }: GatewayProcess): number {
  const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

/** How many there are of each status; counted in the database, which is the truth. */
async function counts(world: FaultWorld): Promise<Record<string, number>> {
  const database = await world.database();
  const rows = await database.read('SELECT status, count(*) AS n FROM executions GROUP BY status');
  return Object.fromEntries(rows.map(({ status, n }) => [String(status), Number(n)]));
}

describeFault({
  id: 'F44',
  title: '10,000 submissions and no worker: all are kept, by a process whose memory would not hold them',
  on: ['redis/postgres'],
  alsoOn: ['rabbitmq/postgres', 'redis/sqlite'],
  env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  async run(world) {
    const api = await world.startApi();
    const statuses = new Set<number>();
    const before = memoryOf(api);
    await submitMany(world, COUNT, ({ status }) => statuses.add(status));
    expect([...statuses]).toEqual([202]);
    expect(api.ended).toBe(false);
    console.log(`F44: ${before.toFixed()} MB at the start, ${memoryOf(api).toFixed()} MB after ${COUNT} accepted`);
    expect(await counts(world)).toEqual({ queued: COUNT });
  },
});

const MAX_DEPTH = 500;

describeFault({
  id: 'F44',
  title: `more than queue.max_depth (${MAX_DEPTH}) wait, and no broker takes a ring: 429 at the limit, and all end later`,
  on: ['redis/postgres'],
  alsoOn: ['rabbitmq/postgres', 'redis/sqlite'],
  env: { LONGHAUL_QUEUE__MAX_DEPTH: String(MAX_DEPTH), LONGHAUL_QUEUE__WORKERS: '32' },
  async run(world) {
    await world.startApi();
    world.proxies.queue?.set({ kind: 'blackhole' });
    let accepted = 0;
    const refused: Answer[] = [];
    await submitMany(world, MAX_DEPTH * 2, (answer) => {
      if (answer.status === 202) accepted += 1;
      else refused.push(answer);
    });
    // The depth is sampled while submissions come: those under way are counted once, or twice, or not until the next look.
    expect(accepted).toBeGreaterThan(MAX_DEPTH / 2);
    expect(accepted).toBeLessThan(MAX_DEPTH * 1.5);
    const codes = new Set(refused.map(({ status, code }) => `${status} ${code}`));
    expect([...codes]).toEqual(['429 queue_full']);
    expect(refused.filter(({ retryAfter }) => !(Number(retryAfter) > 0))).toEqual([]);
    expect(await counts(world)).toEqual({ queued: accepted });
    world.proxies.queue?.set({ kind: 'pass' });
    await world.startWorker();
    await world.eventually(async () => (await counts(world))['completed'] === accepted);
  },
});
