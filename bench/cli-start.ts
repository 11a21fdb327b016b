import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { summarise } from './report/statistics';
import { table } from './report/table';

const ROOT = join(__dirname, '../../..');
const DOOR = join(ROOT, 'bin/longhaul.cjs');

/** `npm run bench:cli`: what a person waits for, beside a Node that does nothing, in turn. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '15' }, node: { type: 'string', multiple: true } },
  });
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-bench-cli-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const serve = ['serve', '-w', join(ROOT, 'workspace'), '--port', String(port)];
  const env = { ...process.env, LONGHAUL_URL: url, LONGHAUL_PERSISTENCE__URL: join(folder, 'bench.db') };
  const gateway = spawn(process.execPath, [DOOR, ...serve], { env, stdio: 'ignore' });
  try {
    const id = await submit(url);
    const lines: [string, string[]][] = [
      ['node -e 0', ['-e', '0']],
      ['longhaul --version', [DOOR, '--version']],
      ['longhaul executions get', [DOOR, 'executions', 'get', id]],
      ['longhaul health', [DOOR, 'health']],
    ];
    for (const node of values.node ?? [process.execPath]) await report(node, lines, Number(values.rounds), env);
  } finally {
    gateway.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function report(node: string, lines: [string, string[]][], rounds: number, env: NodeJS.ProcessEnv) {
  const times = lines.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, [, args]] of lines.entries()) times[index]?.push(await timeOf(node, args, env));
  }
  const [floor] = times.map(summarise);
  const rows = lines.map(([name], index) => {
    const { median = 0, min = 0, max = 0 } = summarise(times[index] ?? []) ?? {};
    return [
      name,
      `${median.toFixed(0)} (${min.toFixed(0)}-${max.toFixed(0)})`,
      (median - (floor?.median ?? 0)).toFixed(0),
    ];
  });
  console.log(`\n${node}, ${rounds} rounds\n\n${table(['command', 'ms (min-max)', 'over node -e 0'], rows)}`);
}

async function timeOf(node: string, args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(node, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${node} ${args.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}

/** One execution to be read, once the gateway answers. */
async function submit(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/v1/agents/assistant/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"message":"Hello"}',
    }).catch(() => undefined);
    if (answer?.ok) return ((await answer.json()) as { execution_id: string }).execution_id;
    await pause(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
