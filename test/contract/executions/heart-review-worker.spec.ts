import { mkdtempSync, rmSync } from 'node:fs';
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
  ExecutionsReader,
  ExecutionsService,
  isTerminal,
  type SubmitCommand,
} from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { GatewayModule } from '@longhaul/gateway';
import { type JsonValue, RetryableError } from '@longhaul/kernel';
import { queueTransport } from '../../../apps/worker/src/create-worker';
import { WorkerModule } from '../../../apps/worker/src/worker.module';
import { eventually } from '../../support/eventually';

type Script = (context: ExecutionContext) => Promise<JsonValue>;
@Agent({ id: 'test-agent' })
class ScriptedAgent implements AgentHandler {
  static scripts: Record<string, Script> = {};
  run(context: ExecutionContext): Promise<JsonValue> {
    const { script } = context.input as { script: string };
    return ScriptedAgent.scripts[script]?.(context) ?? Promise.resolve(null);
  }
}
@Module({})
class TestWorkerModule {}

const untilAborted = (context: ExecutionContext): Promise<never> =>
  new Promise((_, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason as Error)));

describe('A worker under a bad star', () => {
  let folder: string;
  let app: INestMicroservice;
  let executions: ExecutionsService;
  let reader: ExecutionsReader;
  let database: Database;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-review-'));
    const loaded = loadGatewayConfig({
      workspace: folder,
      env: {
        LONGHAUL_PERSISTENCE__URL: join(folder, 'test.db'),
        LONGHAUL_QUEUE__BACKEND: 'memory',
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.1',
        LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '2',
        LONGHAUL_WORKER__HEARTBEAT_S: '0.2',
        LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '0',
      },
    });
    const gateway = GatewayModule.forRoot({ loaded, workspace: folder, agents: [ScriptedAgent] });
    const worker = WorkerModule.forRoot({ config: loaded.config, version: 'test', healthPort: 0 });
    app = await NestFactory.createMicroservice({ module: TestWorkerModule, imports: [gateway, worker] }, {
      ...queueTransport,
      logger: ['fatal'],
    } as typeof queueTransport);
    await app.listen();
    executions = app.get(ExecutionsService);
    reader = app.get(ExecutionsReader);
    database = app.get(Database);
  });
  afterEach(async () => {
    await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, 12_000).unref())]);
    rmSync(folder, { recursive: true, force: true });
  }, 20_000);

  async function submit(script: Script, more: Partial<SubmitCommand> = {}): Promise<string> {
    const name = `s${Object.keys(ScriptedAgent.scripts).length}`;
    ScriptedAgent.scripts[name] = script;
    const { execution } = await executions.submit(submitCommand({ input: { script: name }, ...more }));
    return execution.id;
  }
  const get = (id: string) => reader.get(id, 'local');
  const ended = (id: string): Promise<Execution> =>
    eventually(
      async () => {
        const execution = await get(id);
        return isTerminal(execution.status) && execution;
      },
      { timeoutMs: 8_000 },
    );

  it('an execution whose run was fenced off is run again, although the lease was renewed after all', async () => {
    let runs = 0;
    const id = await submit((context) => {
      runs += 1;
      return runs === 1 ? untilAborted(context) : Promise.resolve('second');
    });
    await eventually(async () => (await get(id)).status === 'running');
    // The loop is blocked for 0.9 of the lease: longer than the fence allows, shorter than a sweeper waits.
    const renewedAt = async () => (await database.read('SELECT renewed_at FROM workers'))[0]?.renewed_at;
    const before = await renewedAt();
    await eventually(async () => (await renewedAt()) !== before, { intervalMs: 2 });
    const until = performance.now() + 1_750;
    while (performance.now() < until);
    expect(await ended(id)).toMatchObject({ output: 'second' });
  });

  for (const [what, script] of Object.entries<Script>({
    'a retry-after that is no number': () =>
      Promise.reject(new RetryableError('429', { retryAfterMs: Number('Wed, 21 Oct') })),
    'details that are no JSON': () => Promise.reject(new RetryableError('x', { details: { big: 1n } as never })),
    'usage that is no JSON': () => Promise.resolve({ output: 1, usage: { input_tokens: 1n } } as never),
    'an output nested deeper than the database reads': () => {
      let deep: JsonValue = 1;
      for (let n = 0; n < 1_100; n += 1) deep = [deep];
      return Promise.resolve(deep);
    },
  })) {
    it(`ends a run with ${what}`, async () => {
      const id = await submit(script, { maxAttempts: 1 + (what.includes('retry') ? 1 : 0) });
      await eventually(async () => (await get(id)).attempt > 0);
      await eventually(async () => (await get(id)).status !== 'running', { timeoutMs: 4_000 });
    });
  }

  it('accepts an input of null or says why not', async () => {
    const { execution } = await executions.submit(submitCommand({ input: null }));
    expect((await get(execution.id)).input).toBe(null);
  });

  it('a floating append costs the run its event, not the process its life', async () => {
    const id = await submit(async (context) => {
      await database.run('UPDATE executions SET epoch = epoch + 1');
      void context.events.append('output.delta', { n: 1 });
      return untilAborted(context);
    });
    await eventually(async () => (await get(id)).attempt === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
  });

  it('stores the last progress said before the end', async () => {
    const id = await submit((context) => {
      context.progress(10);
      context.progress(100, 'all done');
      return Promise.resolve(null);
    });
    expect((await ended(id)).progress).toMatchObject({ percent: 100 });
  });
});
