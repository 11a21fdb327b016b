import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistenceOptions } from '@longhaul/database';
import { Invariants } from '@longhaul/executions/testing';
import type { FaultPlan, Protection } from '@longhaul/kernel';
import BetterSqlite3 from 'better-sqlite3';
import { ApiClient, type ExecutionView } from '../../support/api-client';
import { openTestDatabase, type TestDatabase } from '../../support/databases';
import { eventually } from '../../support/eventually';
import { GatewayFleet } from '../../support/gateway-fleet';
import type { GatewayProcess } from '../../support/gateway-process';
import { freshDatabase } from '../../support/servers';
import { TcpProxy } from '../../support/tcp-proxy';
import { EffectLedger } from './effect-ledger';
import { partsOf, type Target } from './targets';

const TERMINAL = ['completed', 'failed', 'cancelled'];

/** What the agent of the suite is to do, in order: see fault-agent.js. */
export type Op =
  | { op: 'sleep' | 'deaf' | 'block'; ms: number }
  | { op: 'effect'; name: string }
  | { op: 'first'; name: string; does: Op }
  | { op: 'step'; key: string; effects?: 'repeatable' | 'idempotent' | 'at_most_once'; name?: string; ms?: number }
  | { op: 'approved'; key: string; name?: string; expiresInMs?: number; onExpiry?: 'approve' | 'reject' }
  | { op: 'join'; key: string; count: number; does: Op[] }
  | { op: 'say'; times?: number; text?: string }
  | { op: 'crash' | 'oom' }
  | { op: 'fail'; times?: number; kind?: 'retryable' | 'permanent'; retryAfterMs?: number };

export interface WorldOptions {
  target: Target;
  /** Where the servers of the target are reached. */
  urls: { queue?: string; postgres?: string };
  /** Protections that are switched off in every process. */
  off: Protection[];
  env?: Record<string, string>;
  files?: Record<string, string>;
  /** How long to wait for what must come. */
  patienceMs: number;
}

/** One gateway on one database and one queue, each reached through a proxy; its agents' outside world; and the judge. */
export class FaultWorld {
  private opened: TestDatabase | undefined;
  private main: GatewayProcess | undefined;

  private constructor(
    private readonly options: WorldOptions,
    readonly fleet: GatewayFleet,
    readonly ledger: EffectLedger,
    /** Between the gateway and its servers; absent where there is none. */
    readonly proxies: { queue?: TcpProxy; postgres?: TcpProxy },
    /** As the judge reaches it: past the proxy. */
    private readonly persistence: PersistenceOptions,
    private readonly cleanUp: (() => unknown)[],
  ) {}

  static async open(options: WorldOptions): Promise<FaultWorld> {
    const { queue, database } = partsOf(options.target);
    const cleanUp: (() => unknown)[] = [];
    const ledger = await EffectLedger.start(options.patienceMs);
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-fault-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    let persistence: PersistenceOptions = { backend: 'sqlite', url: join(folder, 'longhaul.db'), poolSize: 1 };
    const proxies: FaultWorld['proxies'] = {};
    if (options.urls.queue) proxies.queue = await TcpProxy.before(options.urls.queue);
    if (database === 'postgres' && options.urls.postgres) {
      const { url, drop } = await freshDatabase(options.urls.postgres);
      cleanUp.push(() => drop().catch(() => undefined));
      persistence = { backend: 'postgres', url, poolSize: 5 };
      proxies.postgres = await TcpProxy.before(url);
    }
    const fleet = new GatewayFleet({
      queue: { backend: queue, ...(proxies.queue ? { url: proxies.queue.url(options.urls.queue ?? '') } : {}) },
      persistence: proxies.postgres ? { ...persistence, url: proxies.postgres.url(persistence.url) } : persistence,
      env: { FAULT_LEDGER_URL: ledger.url, ...options.env },
      files: {
        'gateway.yaml': 'extensions: [./fault-agent.js]\n',
        'fault-agent.js': readFileSync(join(__dirname, 'fault-agent.js'), 'utf8'),
        ...options.files,
      },
    });
    return new FaultWorld(options, fleet, ledger, proxies, persistence, cleanUp);
  }

  /** Whether API and workers are processes of their own. */
  get apart(): boolean {
    return this.fleet.apart;
  }

  /** Where the broker is reached past the proxy. */
  get queueUrl(): string {
    return this.options.urls.queue ?? '';
  }

  /** The same of the database; for SQLite its file. */
  get databaseUrl(): string {
    return this.persistence.url;
  }

  get api(): ApiClient {
    return new ApiClient(this.fleet.url);
  }

  /** API and worker; answers the process that runs executions: the one to be hurt. */
  async start(plan: FaultPlan = {}): Promise<GatewayProcess> {
    await this.startApi(this.apart ? {} : plan);
    return this.startWorker(plan);
  }

  async startApi(plan: FaultPlan = {}): Promise<GatewayProcess> {
    return (this.main = await this.fleet.startApi(this.environment(plan)));
  }

  /** Without a goodbye; `startApi` starts it again at the same address. */
  async killApi(): Promise<void> {
    await this.main?.signal('SIGKILL');
  }

  /** Something to be undone once this world's processes have ended. */
  afterwards(action: () => unknown): void {
    this.cleanUp.unshift(action);
  }

  /** One more worker; where it is one process with the API, that one, started again if it has ended. */
  async startWorker(plan: FaultPlan = {}): Promise<GatewayProcess> {
    if (this.apart) return this.fleet.startWorker([], this.environment(plan));
    return this.main && !this.main.ended ? this.main : this.startApi(plan);
  }

  /** One more worker that takes nothing before it is sent a SIGCONT: the others have what comes first to themselves. */
  async startFrozenWorker(): Promise<GatewayProcess> {
    const worker = await this.startWorker();
    await this.freeze(worker);
    return worker;
  }

  /** Stops it (SIGSTOP) outside of a write: in the middle of one it would keep the lock of a SQLite file. */
  async freeze(process: GatewayProcess): Promise<void> {
    await this.eventually(async () => {
      process.send('SIGSTOP');
      await process.frozen();
      if (this.persistence.backend === 'postgres' || isWritable(this.persistence.url)) return true;
      process.send('SIGCONT');
      return false;
    });
  }

  /** An execution of the suite's agent, accepted with 202. */
  work(ops: Op[], more: Record<string, unknown> = {}): Promise<string> {
    return this.accepted('invoke', { input: { do: ops }, ...more });
  }

  /** The next turn of a conversation, as `work`. */
  turn(conversation: string, ops: Op[]): Promise<string> {
    return this.accepted('chat', { message: 'Work.', conversation_id: conversation, context: { do: ops } });
  }

  /** The executions, once all of them are terminal. */
  async ended(ids: string[]): Promise<ExecutionView[]> {
    return this.eventually(async () => {
      const found = await Promise.all(ids.map((id) => this.api.execution(id)));
      const live = found.filter(({ status }) => !TERMINAL.includes(status));
      if (live.length > 0) throw new Error(`not terminal: ${live.map((e) => `${e.execution_id} ${e.status}`).join()}`);
      return found;
    });
  }

  /** The execution, once it is terminal. */
  async end(id: string): Promise<ExecutionView> {
    await this.ended([id]);
    return this.api.execution(id);
  }

  /** As `eventually`, within what this world waits for at most. */
  eventually<T>(condition: () => T | false | Promise<T | false>): Promise<T> {
    return eventually(condition, { timeoutMs: this.options.patienceMs, intervalMs: 50 });
  }

  /** The database itself, past proxy and gateway. */
  async database(): Promise<TestDatabase['database']> {
    return (this.opened ??= await openTestDatabase(this.persistence)).database;
  }

  /** Everything in the database that must never be. */
  async violations(): Promise<string[]> {
    return new Invariants(await this.database()).violations();
  }

  async close(): Promise<void> {
    await this.fleet.stop();
    await this.ledger.stop();
    await this.opened?.database.close();
    await this.opened?.dataSource.destroy();
    await Promise.all(Object.values(this.proxies).map((proxy) => proxy.close()));
    for (const action of this.cleanUp) await action();
  }

  private async accepted(operation: 'invoke' | 'chat', body: object): Promise<string> {
    const response = await this.api.post(`/v1/agents/work/${operation}`, body);
    if (response.status !== 202) throw new Error(`not accepted: ${response.status} ${await response.text()}`);
    return ((await response.json()) as ExecutionView).execution_id;
  }

  private environment({ at, off = [] }: FaultPlan): Record<string, string> {
    const plan: FaultPlan = { ...(at ? { at } : {}), off: [...off, ...this.options.off] };
    return at || this.options.off.length > 0 ? { LONGHAUL_TEST_FAULTS: JSON.stringify(plan) } : {};
  }
}

function isWritable(path: string): boolean {
  const file = new BetterSqlite3(path, { timeout: 0 });
  try {
    file.exec('BEGIN IMMEDIATE; ROLLBACK');
    return true;
  } catch {
    return false;
  } finally {
    file.close();
  }
}
