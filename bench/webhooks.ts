import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { Agent, request } from 'undici';
import { submitMany } from './measures/load';
import { BACKENDS, listOf } from './options';
import { median, spread } from './report/statistics';
import { table } from './report/table';
import { startServers, stopServers } from './servers';
import { startLonghaul } from './targets/longhaul';
import { cpuMs, stopTarget, type Target } from './targets/target';

/** As `webhooks.per_host`: all deliveries of this benchmark go to one host. */
const AT_ONCE = 8;
const WARM_UP = 100;

/** `npm run bench:webhooks`: signed calls that a local receiver gets in a second, beside the same calls by hand. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      amount: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const backends = listOf('--only', values.only, BACKENDS);
  const amount = Number(values.amount);
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-'));
  const servers = await startServers(backends);
  const receiver = await startReceiver();
  const targets: Target[] = [];
  const load = loadavg()[0]?.toFixed(1);
  try {
    for (const backend of backends) targets.push(await startLonghaul({ backend, folder, servers }));
    const floor: number[] = [];
    const figures = targets.map(() => ({ perSecond: [] as number[], cpuUs: [] as number[] }));
    await callByHand(receiver, WARM_UP);
    for (const target of targets) await deliver(target, receiver, WARM_UP);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      floor.push(await callByHand(receiver, amount));
      for (const [index, target] of targets.entries()) {
        const { perSecond, cpuUs } = await deliver(target, receiver, amount);
        figures[index]?.perSecond.push(perSecond);
        figures[index]?.cpuUs.push(cpuUs);
      }
    }
    const rows = targets.map(({ name }, index) => {
      const { perSecond = [], cpuUs = [] } = figures[index] ?? {};
      const ratios = perSecond.map((value, round) => value / (floor[round] ?? Number.NaN));
      return [name, spread(perSecond, 0), spread(ratios, 2), median(cpuUs).toFixed(0)];
    });
    console.log(`\n${cpus().length} cores, load before ${load}, after ${loadavg()[0]?.toFixed(1)}\n`);
    const head = ['target', 'webhooks /s', 'of the floor', 'CPU µs'];
    console.log(table(head, [['floor: undici, signed', spread(floor, 0), '1', ''], ...rows]));
  } finally {
    for (const target of targets) await stopTarget(target);
    receiver.close();
    stopServers();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Answers 204 and counts. */
async function startReceiver() {
  let received = 0;
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.once('end', () => {
      received += 1;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, count: () => received, close: () => server.close() };
}

/** Executions that are over at once, each with a `callback_url`; from the first submission to the last call. */
async function deliver(target: Target, receiver: Receiver, amount: number) {
  const [before, cpuBefore, startedAt] = [receiver.count(), await cpuMs(target), performance.now()];
  await submitMany(target, 'noop', amount, JSON.stringify({ message: 'hello', callback_url: receiver.url }));
  while (receiver.count() < before + amount) await pause(5);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: amount / seconds, cpuUs: (((await cpuMs(target)) - cpuBefore) * 1_000) / amount };
}

/** The floor: nothing is stored, looked up, checked or tried again. */
async function callByHand({ url }: Receiver, amount: number): Promise<number> {
  const dispatcher = new Agent({ connections: AT_ONCE });
  const webhook = new Webhook(randomBytes(24).toString('base64'));
  const startedAt = performance.now();
  let sent = 0;
  const sender = async () => {
    while (sent < amount) {
      const [id, at] = [`dlv_${(sent += 1)}`, new Date()];
      const body = JSON.stringify({
        type: 'execution.completed',
        timestamp: at.toISOString(),
        data: { execution_id: id },
      });
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': webhook.sign(id, at, body),
      };
      await (await request(url, { method: 'POST', dispatcher, headers, body })).body.dump();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const seconds = (performance.now() - startedAt) / 1_000;
  await dispatcher.close();
  return amount / seconds;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
