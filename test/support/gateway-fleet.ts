import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { freePort } from './free-port';
import { assertBuilt, GatewayProcess } from './gateway-process';

export type QueueBackend = 'none' | 'memory' | 'redis' | 'rabbitmq';

export interface FleetOptions {
  queue: { backend: QueueBackend; url?: string };
  persistence: PersistenceOptions;
  /** More of the environment, for every process. */
  env?: Record<string, string>;
  /** More of the workspace: path to content. */
  files?: Record<string, string>;
}

/** An AGENT.md of the demo model. */
export function agentFile(frontMatter: string): string {
  return `---\nmodel: { name: demo/echo }\nexecution_mode: async\n${frontMatter}\n---\nYou work.\n`;
}

const FILES: Record<string, string> = {
  'agents/worker/AGENT.md': agentFile('queue: default\nretries: { max_retries: 3, backoff: fixed, delay_s: 0.2 }'),
};

/** The processes of one gateway on one workspace, database and queue: API and workers apart where the queue allows. */
export class GatewayFleet {
  private readonly workspace = mkdtempSync(join(tmpdir(), 'longhaul-fleet-'));
  private readonly processes: GatewayProcess[] = [];
  private readonly workers: GatewayProcess[] = [];
  private port = 0;

  constructor(private readonly options: FleetOptions) {
    assertBuilt();
    for (const [path, content] of Object.entries({ ...FILES, ...options.files })) {
      mkdirSync(dirname(join(this.workspace, path)), { recursive: true });
      writeFileSync(join(this.workspace, path), content);
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What this fleet's queues on a shared broker start with. */
  get queueName(): string {
    return basename(this.workspace);
  }

  /** From the next start of a process on: the same gateway on another queue. */
  useQueue(queue: FleetOptions['queue']): void {
    this.options.queue = queue;
  }

  /** Whether API and workers are processes of their own. */
  get apart(): boolean {
    return this.options.queue.backend === 'redis' || this.options.queue.backend === 'rabbitmq';
  }

  /** The API, with the worker in it unless they are apart. Listens on the same port every time. */
  async startApi(env: Record<string, string> = {}): Promise<GatewayProcess> {
    this.port ||= await freePort();
    const api = this.start(this.apart ? ['--api-only'] : [], { LONGHAUL_SERVER__PORT: String(this.port), ...env });
    await api.ready();
    return api;
  }

  /** One more API process, at the address that its `url` says. */
  async startReplica(env: Record<string, string> = {}): Promise<GatewayProcess> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const api = this.start(this.apart ? ['--api-only'] : [], { LONGHAUL_SERVER__PORT: String(port), ...env }, url);
    await api.ready();
    return api;
  }

  async startWorker(args: string[] = [], env: Record<string, string> = {}): Promise<GatewayProcess> {
    const worker = this.start(['--worker-only', ...args], env);
    this.workers.push(worker);
    await worker.until(() => worker.log.includes('worker 0.1.0 serves'));
    return worker;
  }

  /** What its processes said, one after the other. */
  get log(): string {
    return this.processes.map(({ pid, log }) => `--- process ${pid} ---\n${log}`).join('\n');
  }

  /** The workers that run as processes of their own, all of them. */
  async stopWorkers(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.signal(signal)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.signal('SIGKILL')));
    rmSync(this.workspace, { recursive: true, force: true });
  }

  private start(args: string[], env: Record<string, string>, url = this.url): GatewayProcess {
    const { queue, persistence } = this.options;
    const process = new GatewayProcess(
      ['--workspace', this.workspace, ...args],
      {
        LONGHAUL_PERSISTENCE__BACKEND: persistence.backend,
        LONGHAUL_PERSISTENCE__URL: persistence.url,
        LONGHAUL_QUEUE__BACKEND: queue.backend,
        ...(queue.backend === 'redis' ? { LONGHAUL_QUEUE__REDIS_URL: queue.url ?? '' } : {}),
        ...(queue.backend === 'rabbitmq' ? { LONGHAUL_QUEUE__RABBITMQ_URL: queue.url ?? '' } : {}),
        LONGHAUL_QUEUE__STREAM_KEY: this.queueName,
        LONGHAUL_QUEUE__QUEUE_NAME: this.queueName,
        LONGHAUL_QUEUE__WORKERS: '4',
        LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '1.5',
        LONGHAUL_WORKER__HEARTBEAT_S: '0.3',
        LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.2',
        LONGHAUL_QUEUE__DRAIN_TIMEOUT_S: '0.3',
        ...this.options.env,
        ...env,
      },
      url,
    );
    this.processes.push(process);
    return process;
  }
}
