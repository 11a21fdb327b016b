import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { Agent, AgentRegistry, type AgentHandler } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { type ExecutionContext, ExecutionsService } from '@longhaul/executions';
import { CoreModule } from '@longhaul/gateway';
import { queueTransport } from '../apps/worker/src/create-worker';
import { WorkerModule } from '../apps/worker/src/worker.module';
import { LlmRuntime } from '../libs/agents/src/runtimes/llm/llm-runtime';
import { FakeLlm, says } from '../test/support/fake-llm';
import { percentile, summarise } from './report/statistics';
import { table } from './report/table';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, calls: { type: 'string', default: '200' } },
});
const ROUNDS = Number(options.rounds);
const CALLS = Number(options.calls);
const WARM_UP = 50;
const CHUNKS = [1, 20, 200];
const ANSWER = 'word '.repeat(200);

type Call = () => Promise<unknown>;
let report = '';

/** Runs inside an execution, so that what our loop writes goes through the fence into a real event log. */
@Agent({ id: 'loop', timeoutS: 3_600 })
@Injectable()
class LoopAgent implements AgentHandler {
  static llm: FakeLlm;

  constructor(private readonly modules: ModuleRef) {}

  async run(context: ExecutionContext): Promise<null> {
    const runtime = this.modules.get(LlmRuntime, { strict: false });
    const agent = this.modules.get(AgentRegistry, { strict: false }).find('asked');
    if (!agent) throw new Error('the workspace has no agent "asked"');
    const ours: Call = () => runtime.run(agent, context);
    const bare = await bareCall(LoopAgent.llm.url, agent.instructions, JSON.stringify(context.input));
    const commit: Call = () => context.events.append('output.delta', { channel: 'text', text: 'word' });
    const rows = [];
    for (const chunks of CHUNKS) {
      LoopAgent.llm.reply = () => says(ANSWER, { chunks });
      rows.push(row(chunks, await compare({ bare, commit, ours })));
    }
    report = table(
      ['chunks', 'bare streamText, ms', 'one commit, ms', 'our loop, ms', 'over bare, ms (min-max)'],
      rows,
    );
    return null;
  }
}

/** The least that can be written: the same provider and request, the text read and dropped. */
async function bareCall(baseURL: string, instructions: string, content: string): Promise<Call> {
  const { streamText } = await import('ai');
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const model = createOpenAICompatible({ name: 'mock', baseURL, includeUsage: true })('any');
  return async () => {
    const { textStream } = streamText({ model, instructions, messages: [{ role: 'user', content }], maxRetries: 0 });
    for await (const _ of textStream);
  };
}

/** A model call without us; one event stored by itself; a model call by our loop. */
type Calls<T> = Record<'bare' | 'commit' | 'ours', T>;
type Round = Calls<number[]>;

/** Call by call in turn, so that what else the machine does falls on both. */
async function compare(calls: Calls<Call>): Promise<Round[]> {
  for (let call = 0; call < WARM_UP; call += 1) for (const one of Object.values(calls)) await one();
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: Round = { bare: [], commit: [], ours: [] };
    for (let call = 0; call < CALLS; call += 1) {
      times.bare.push(await timeOf(calls.bare));
      times.commit.push(await timeOf(calls.commit));
      times.ours.push(await timeOf(calls.ours));
    }
    rounds.push(times);
    LoopAgent.llm.requests.length = 0;
  }
  return rounds;
}

async function timeOf(call: Call): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}

function row(chunks: number, rounds: Round[]): string[] {
  const half = (times: number[]) => percentile(times, 50);
  const text = (times: number[]) => (summarise(times)?.median ?? Number.NaN).toFixed(2);
  const over = summarise(rounds.map(({ bare, ours }) => half(ours) - half(bare)));
  return [
    String(chunks),
    text(rounds.map(({ bare }) => half(bare))),
    text(rounds.map(({ commit }) => half(commit))),
    text(rounds.map(({ ours }) => half(ours))),
    `${over?.median.toFixed(2)} (${over?.min.toFixed(2)}-${over?.max.toFixed(2)})`,
  ];
}

/** `npm run bench:llm`: what our loop adds to a model call, on a model that takes no time. */
async function main(): Promise<void> {
  const workspace = mkdtempSync(join(tmpdir(), 'longhaul-bench-llm-'));
  mkdirSync(join(workspace, 'agents/asked'), { recursive: true });
  writeFileSync(join(workspace, 'agents/asked/AGENT.md'), '---\nmodel: { name: mock/any }\n---\nYou are asked.\n');
  LoopAgent.llm = await FakeLlm.start();
  const env = {
    LONGHAUL_QUEUE__BACKEND: 'memory',
    LONGHAUL_PROVIDERS: JSON.stringify({ mock: { base_url: LoopAgent.llm.url } }),
  };
  const loaded = loadGatewayConfig({ workspace, env });
  const core = CoreModule.forRoot({ loaded, workspace, agents: [LoopAgent] });
  const worker = WorkerModule.forRoot({ config: loaded.config, version: 'bench', healthPort: 0 });
  const app = await NestFactory.createMicroservice(
    { module: class Bench {}, imports: [core, worker] },
    { ...queueTransport, logger: ['fatal', 'error'] },
  );
  try {
    await app.listen();
    console.log(await resultOf(app.get(ExecutionsService)));
  } finally {
    await app.close();
    await LoopAgent.llm.stop();
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function resultOf(executions: ExecutionsService): Promise<string> {
  const { execution } = await executions.submit({
    kind: 'agent',
    target: 'loop',
    owner: 'local',
    queue: 'default',
    priority: 'default',
    input: { question: 'How long does it take?' },
    metadata: {},
    tags: [],
    maxAttempts: 1,
    delayMs: 0,
    timeoutMs: null,
    deadlineMs: 604_800_000,
  });
  const { status, error } = await executions.wait(execution.id, 'local', 3_600_000);
  if (status !== 'completed') throw new Error(`the measurement ${status}: ${error?.message}`);
  const load = loadavg().map((value) => value.toFixed(1));
  return `\n${ROUNDS} rounds of ${CALLS} calls, ${cpus().length} cores, load ${load.join(' ')}\n\n${report}`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
