import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Agent, type AgentHandler } from '@longhaul/agents';
import { loadGatewayConfig } from '@longhaul/config';
import { Database } from '@longhaul/database';
import {
  type Execution,
  type ExecutionContext,
  ExecutionHooks,
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  type SubmitCommand,
} from '@longhaul/executions';
import { Invariants, submitCommand } from '@longhaul/executions/testing';
import { CoreModule } from '@longhaul/gateway';
import type { JsonValue } from '@longhaul/kernel';
import { queueTransport } from '../../../apps/worker/src/create-worker';
import { WorkerModule } from '../../../apps/worker/src/worker.module';
import { eventually } from '../../support/eventually';

export type Script = (context: ExecutionContext) => Promise<JsonValue>;

/** An agent that does what the test says, by the `script` of its input. */
@Agent({ id: 'test-agent' })
export class ScriptedAgent implements AgentHandler {
  static scripts: Record<string, Script> = {};

  run(context: ExecutionContext): Promise<JsonValue> {
    const { script } = context.input as { script: string };
    return ScriptedAgent.scripts[script]?.(context) ?? Promise.resolve(null);
  }
}

@Module({})
class TestWorkerModule {}

/** Until the run is told to stop; what a well-behaved agent does with its signal. */
export const untilAborted = (context: ExecutionContext): Promise<never> =>
  new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason as Error)));

/** A worker of one process whose one agent runs scripts, on the SQLite file and the memory queue of that folder. */
export async function startScripted(folder: string, env: Record<string, string> = {}): Promise<INestMicroservice> {
  const loaded = loadGatewayConfig({
    workspace: folder,
    env: {
      LONGHAUL_PERSISTENCE__URL: join(folder, 'test.db'),
      LONGHAUL_QUEUE__BACKEND: 'memory',
      LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
      ...env,
    },
  });
  const gateway = CoreModule.forRoot({ loaded, workspace: folder, agents: [ScriptedAgent] });
  const worker = WorkerModule.forRoot({ config: loaded.config, version: 'test', healthPort: 0 });
  const app = await NestFactory.createMicroservice({ module: TestWorkerModule, imports: [gateway, worker] }, {
    ...queueTransport,
    logger: ['fatal'],
  } as typeof queueTransport);
  await app.listen();
  return app;
}

/** The input with which the agent runs this script. */
export function inputFor(script: Script): { script: string } {
  const name = `s${Object.keys(ScriptedAgent.scripts).length}`;
  ScriptedAgent.scripts[name] = script;
  return { script: name };
}

/** A worker of one process, on SQLite and the memory queue, whose one agent runs scripts under the limits given. */
export class ScriptedWorker {
  private constructor(
    private readonly folder: string,
    private readonly app: INestMicroservice,
  ) {}

  /** `limits` as in an AGENT.md: `{ soft_timeout_s: 0.2 }`. */
  static async start(limits = '{}'): Promise<ScriptedWorker> {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-worker-'));
    mkdirSync(join(folder, 'agents/test-agent'), { recursive: true });
    const frontMatter = `runtime: code\nlimits: ${limits}\nretries: { backoff: fixed, delay_s: 0.01 }`;
    writeFileSync(join(folder, 'agents/test-agent/AGENT.md'), `---\n${frontMatter}\n---\n`);
    const app = await startScripted(folder);
    return new ScriptedWorker(folder, app);
  }

  get database(): Database {
    return this.app.get(Database);
  }
  get executions(): ExecutionsService {
    return this.app.get(ExecutionsService);
  }
  get reader(): ExecutionsReader {
    return this.app.get(ExecutionsReader);
  }
  get hooks(): ExecutionHooks {
    return this.app.get(ExecutionHooks);
  }

  async submit(script: Script, more: Partial<SubmitCommand> = {}): Promise<string> {
    const { execution } = await this.executions.submit(submitCommand({ input: inputFor(script), ...more }));
    return execution.id;
  }

  ended(id: string): Promise<Execution> {
    return eventually(async () => {
      const execution = await this.reader.get(id, 'local');
      return isTerminal(execution.status) && execution;
    });
  }

  /** Stops it; answers what it left behind that must never be. */
  async stop(): Promise<string[]> {
    const violations = await new Invariants(this.database).violations();
    await this.app.close();
    rmSync(this.folder, { recursive: true, force: true });
    return violations;
  }
}
