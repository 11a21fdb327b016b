import { readFileSync } from 'node:fs';
import { FakeLlm, says } from '../support/fake-llm';
import type { GatewayProcess } from '../support/gateway-process';
import { ResumingReader } from '../support/resuming-reader';
import { SseReader } from '../support/sse-reader';
import { TcpProxy } from '../support/tcp-proxy';
import { STEADY } from './support/backlog';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';
import { TALKER } from './support/talker';

let llm: FakeLlm;
beforeAll(async () => {
  llm = await FakeLlm.start();
});
afterAll(() => llm.stop());

const ANSWER = 'A lease — “ein Pacht­recht” 🪢 — is held, renewed and lost. '.repeat(30);
/** What is cut before the reader goes straight to an API. */
const CUTS = 12;

/** Everything that is stored, frame for frame, as a client gets it that comes when all is over. */
async function stored(world: FaultWorld, id: string): Promise<string> {
  const reader = await SseReader.open(`${world.fleet.url}/v1/executions/${id}/events?follow=false`);
  await world.eventually(() => reader.outcome === 'end');
  return reader.events.join('\n\n');
}

describeFault({
  id: 'Streams',
  title: 'a stream is cut at random bytes and comes back to either replica: byte for byte one that was not cut',
  on: ['memory/sqlite', 'redis/sqlite'],
  alsoOn: ['rabbitmq/postgres', 'redis/postgres', 'rabbitmq/sqlite', 'memory/postgres'],
  files: TALKER,
  get env() {
    return {
      ...STEADY,
      LONGHAUL_PROVIDERS: JSON.stringify({ local: { type: 'openai-compatible', base_url: llm.url } }),
    };
  },
  async run(world) {
    llm.script.push({ kind: 'cut', text: ANSWER.slice(0, 200) });
    llm.reply = () => says(ANSWER, { chunks: 150, delayMs: 15 });
    await world.start();
    const replica = world.apart ? await world.fleet.startReplica() : undefined;
    const addresses = [world.fleet.url, replica?.url ?? world.fleet.url];
    const proxies = await Promise.all(addresses.map((url) => TcpProxy.before(url)));
    world.afterwards(() => Promise.all(proxies.map((proxy) => proxy.close())));

    const id = await world.api.submit('talker', { message: 'What is a lease?' });
    const whole = await SseReader.open(`${world.fleet.url}/v1/executions/${id}/events`);
    const reader = new ResumingReader(id, (n) => {
      if (n >= CUTS) return addresses[n % 2] ?? '';
      // Past the headers, and then anywhere: in a frame, in a character.
      proxies[n % 2]?.set({ kind: 'cut', afterBytes: 350 + Math.floor(Math.random() * 3_000), of: 'answers' });
      return proxies[n % 2]?.url(addresses[n % 2] ?? '').replace(/\/$/, '') ?? '';
    });
    await reader.done;
    await world.eventually(() => whole.outcome === 'end');

    expect(reader.outcomes.filter((outcome) => outcome === 'cut').length).toBeGreaterThan(3);
    expect(reader.text).toBe(whole.events.join('\n\n'));
    expect(reader.text).toBe(await stored(world, id));
    expect(whole.seqs).toEqual(whole.seqs.map((_, index) => index));
    expect(reader.text).toMatch('event: output.reset');
    expect((await world.api.execution(id)).output).toEqual({ text: ANSWER });
  },
});

describeFault({
  id: 'Streams',
  title: 'the broker is away and every hint is lost; streams go on by looking, to the end',
  on: ['redis/sqlite', 'rabbitmq/postgres'],
  alsoOn: ['redis/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    await world.start();
    world.ledger.hold('held');
    const ids = await Promise.all(
      Array.from({ length: 4 }, () =>
        world.work([
          { op: 'effect', name: 'held' },
          { op: 'say', times: 30 },
          { op: 'effect', name: 'later' },
        ]),
      ),
    );
    const readers = ids.map((id) => new ResumingReader(id, () => world.fleet.url));
    await world.ledger.happened('held', 4);
    world.proxies.queue?.set({ kind: 'reset' });
    world.ledger.hold('later');
    world.ledger.release('held');
    await world.ledger.happened('later', 4);
    // Before anything ends, and while the broker is still away.
    await world.eventually(() => readers.every(({ outcomes }) => outcomes.length === 0));
    world.ledger.release('later');
    await Promise.all(readers.map(({ done }) => done));
    for (const [n, reader] of readers.entries()) {
      expect(reader.outcomes).toEqual(['end']);
      expect(reader.events.filter((frame) => frame.includes('event: output.delta')).length).toBe(30);
      expect(reader.text).toBe(await stored(world, ids[n] ?? ''));
    }
    world.proxies.queue?.set({ kind: 'pass' });
  },
});

describeFault({
  id: 'F35',
  title: 'SIGTERM with 100 open streams, and then twice in a row; every stream resumes without a gap',
  on: ['memory/sqlite'],
  alsoOn: ['redis/postgres', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: { ...STEADY, LONGHAUL_QUEUE__WORKERS: '10', LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '2' },
  async run(world) {
    const first = await world.startApi();
    await world.startWorker();
    world.ledger.hold('held');
    const ids = await Promise.all(
      Array.from({ length: 10 }, () =>
        world.work([
          { op: 'say', times: 20 },
          { op: 'effect', name: 'held' },
          { op: 'say', times: 20 },
        ]),
      ),
    );
    const readers = Array.from(
      { length: 100 },
      (_, n) => new ResumingReader(ids[n % ids.length] ?? '', () => world.fleet.url),
    );
    await world.ledger.happened('held', 10);
    await world.eventually(() => readers.every(({ opened }) => opened === 1));

    expect(await first.signal('SIGTERM')).toBe(0);
    await world.eventually(() => readers.every(({ outcomes }) => outcomes.length === 1));
    expect(readers.map(({ outcomes }) => outcomes[0])).toEqual(readers.map(() => 'end'));
    const second = await world.startApi();

    await world.eventually(() => readers.every(({ opened }) => opened === 2));
    // Where they are one process the runs were given back, and have begun again.
    await world.ledger.happened('held', world.apart ? 10 : 20);
    second.send('SIGTERM');
    await world.eventually(() => second.ended || second.log.includes('draining 10 executions'));
    expect(await second.signal('SIGTERM')).toBe(world.apart ? 0 : 1);
    await world.eventually(() => readers.every(({ outcomes }) => outcomes.length === 2));
    await world.startApi();
    world.ledger.release('held');

    await Promise.all(readers.map(({ done }) => done));
    const logs = await Promise.all(ids.map((id) => stored(world, id)));
    for (const [n, reader] of readers.entries()) expect(reader.text).toBe(logs[n % ids.length]);
    for (const execution of await world.ended(ids))
      expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
  },
});

const READERS = 300;
/** 8.4 MB for each reader: the kernel takes 4 MB of that (the end of tcp_wmem), and the rest is what a process would keep. */
const TIMES = 1_200;
/** Frames that are put together for each reader: what is larger is one buffer that all share, which hides a heap of them. */
const LENGTH = 7_000;
/** The streams together are 2.5 GB: were what the kernel does not take kept for each reader, they would not fit. */
const HEAP_MB = 256;
/** All that the heap may be filled with before it is swept, and a page for each reader, as events and as frames. */
const SLACK_MB = HEAP_MB + READERS * 0.2;

/** The memory that the process holds, in megabytes, as Linux counts it. */
function memoryOf({ pid }: GatewayProcess): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

describeFault({
  id: 'F43',
  title: '300 clients open a stream and take nothing: memory is bounded, others read on, and they miss nothing later',
  on: ['redis/postgres'],
  alsoOn: ['rabbitmq/postgres', 'redis/sqlite'],
  env: { ...STEADY, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  async run(world) {
    const api = await world.startApi();
    await world.startWorker();
    world.ledger.hold('held');
    const id = await world.work([
      { op: 'effect', name: 'held' },
      { op: 'say', times: TIMES, text: 'x'.repeat(LENGTH) },
    ]);
    await world.ledger.happened('held');
    const open = () => SseReader.open(`${world.fleet.url}/v1/executions/${id}/events`);
    const slow = await Promise.all(Array.from({ length: READERS }, open));
    world.afterwards(() => slow.forEach((reader) => reader.close()));
    for (const reader of slow) reader.pause();
    const before = memoryOf(api);
    world.ledger.release('held');
    await world.end(id);
    const log = await stored(world, id);
    for (let n = 0; n < 10; n += 1) {
      const reader = await open();
      await world.eventually(() => reader.outcome === 'end');
      expect(reader.events.join('\n\n') === log).toBe(true);
    }
    const grown = memoryOf(api) - before;
    console.log(`F43: ${before.toFixed()} MB before, ${grown.toFixed()} MB more with ${READERS} slow readers`);
    expect(grown).toBeLessThan(SLACK_MB);
    expect(slow.filter(({ outcome }) => outcome !== 'open')).toEqual([]);
    for (const reader of slow.slice(0, 5)) {
      reader.resume();
      await world.eventually(() => reader.outcome === 'end');
      expect(reader.events.join('\n\n') === log).toBe(true);
    }
  },
});
