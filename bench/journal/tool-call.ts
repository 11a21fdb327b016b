import 'reflect-metadata';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import { Agent, AgentRegistry, type AgentHandler } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { type ExecutionContext, ExecutionsService } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { CoreModule } from '@longhaul/gateway';
import type { JsonObject } from '@longhaul/kernel';
import { McpServers, Tool, ToolCalls, ToolRegistry } from '@longhaul/tools';
import { queueTransport } from '../../apps/worker/src/create-worker';
import { WorkerModule } from '../../apps/worker/src/worker.module';
import { Toolbox } from '../../libs/agents/src/runtimes/llm/tools/toolbox';
import { Jobs } from '../../libs/agents/src/tool-executions/jobs';
import { median, spread } from '../report/statistics';
import { table } from '../report/table';

const WARM_UP = 50;
const ARGUMENTS = { town: 'Kiel' };

type Times = Record<'bare' | 'commit' | 'ours', number[]>;

/** Calls a tool that takes no time, with the journal and without, inside an execution: through the fence, with events. */
@Agent({ id: 'caller', timeoutS: 3_600 })
@Injectable()
class CallerAgent implements AgentHandler {
  static amounts = { rounds: 0, calls: 0 };
  static rounds: Times[] = [];

  constructor(private readonly modules: ModuleRef) {}

  @Tool({ description: 'The weather of a town.', effects: 'repeatable' })
  weather({ town }: JsonObject): JsonObject {
    return { town: town ?? null, sky: 'clear' };
  }

  async run(context: ExecutionContext): Promise<null> {
    const get = <T>(token: abstract new (...given: never[]) => T) => this.modules.get<T>(token, { strict: false });
    const from = {
      registry: get(ToolRegistry),
      servers: get(McpServers),
      agents: get(AgentRegistry),
      calls: get(ToolCalls),
      jobs: get(Jobs),
    };
    const user = {
      tools: ['weather'],
      mcpServers: [],
      delegatesTo: [],
      requiresApproval: [],
      approvalTerms: { onExpiry: 'reject' },
    } as const;
    const toolbox = new Toolbox(user, from, context);
    const tool = from.registry.find('weather');
    let turn = 0;
    const ways: Record<keyof Times, () => Promise<unknown>> = {
      bare: async () => tool?.run(ARGUMENTS, {} as never),
      commit: () => context.events.append('output.delta', { channel: 'text', text: 'word' }),
      ours: () => toolbox.callAll((turn += 1), [{ id: `call:${turn}`, name: 'weather', arguments: ARGUMENTS }]),
    };
    for (let call = 0; call < WARM_UP; call += 1) for (const way of Object.values(ways)) await way();
    for (let round = 0; round < CallerAgent.amounts.rounds; round += 1) {
      const times: Times = { bare: [], commit: [], ours: [] };
      for (let call = 0; call < CallerAgent.amounts.calls; call += 1) {
        for (const [name, way] of Object.entries(ways)) times[name as keyof Times].push(await timeOf(way));
      }
      CallerAgent.rounds.push(times);
    }
    return null;
  }
}

async function timeOf(way: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await way();
  return performance.now() - startedAt;
}

/** What the journal adds to a tool call of a model, call by call in turn; and what one commit costs there. */
export async function toolCallRow(
  name: string,
  persistence: { backend: string; url: string },
  amounts: { rounds: number; calls: number },
): Promise<string[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'longhaul-bench-tools-'));
  mkdirSync(join(workspace, 'agents'), { recursive: true });
  writeFileSync(join(workspace, 'gateway.yaml'), JSON.stringify({ persistence, queue: { backend: 'memory' } }));
  const loaded = loadGatewayConfig({ workspace, env: {} });
  const core = CoreModule.forRoot({ loaded, workspace, agents: [CallerAgent] });
  const worker = WorkerModule.forRoot({ config: loaded.config, version: 'bench', healthPort: 0 });
  const app = await NestFactory.createMicroservice(
    { module: class Bench {}, imports: [core, worker] },
    { ...queueTransport, logger: ['fatal', 'error'] },
  );
  Object.assign(CallerAgent, { amounts, rounds: [] });
  try {
    await app.listen();
    const executions = app.get(ExecutionsService);
    const { execution } = await executions.submit(submitCommand({ target: 'caller' }));
    const { status, error } = await executions.wait(execution.id, 'local', 3_600_000);
    if (status !== 'completed') throw new Error(`the measurement ${status}: ${error?.message}`);
    const of = (way: keyof Times) => CallerAgent.rounds.map((times) => median(times[way]));
    const over = CallerAgent.rounds.map(({ bare, ours }) => median(ours) - median(bare));
    return [name, spread(of('bare'), 3), spread(of('commit'), 2), spread(of('ours'), 2), spread(over, 2)];
  } finally {
    await app.close();
    rmSync(workspace, { recursive: true, force: true });
  }
}

export const toolCallTable = (rows: string[][]): string =>
  table(['database', 'bare call, ms', 'one commit, ms', 'journalled call, ms', 'over bare, ms'], rows);
