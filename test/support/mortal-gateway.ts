import { join } from 'node:path';
import { makeWorkspace } from '@longhaul/config/testing';
import { Invariants } from '@longhaul/executions/testing';
import type { FaultPlan } from '@longhaul/kernel';
import { ApiClient } from './api-client';
import { openTestDatabase } from './databases';
import { GatewayProcess } from './gateway-process';

export interface StepItem {
  step_id: string;
  key: string;
  status: string;
  attempt: number;
}

/** One gateway on one workspace, whose processes die and are started again. */
export class MortalGateway {
  private readonly processes: GatewayProcess[] = [];
  readonly workspace: string;

  constructor(
    files: Record<string, string>,
    private readonly port: number,
    private readonly env: Record<string, string> = {},
  ) {
    this.workspace = makeWorkspace(files);
  }

  get api(): ApiClient {
    return new ApiClient(`http://127.0.0.1:${this.port}`);
  }

  async start(plan?: FaultPlan): Promise<GatewayProcess> {
    const gateway = this.launch(plan);
    await gateway.ready();
    return gateway;
  }

  /** Not waited for: it may die before anybody can ask whether it is there. */
  launch(plan?: FaultPlan): GatewayProcess {
    const env = {
      LONGHAUL_QUEUE__BACKEND: 'memory',
      // A killed process is seen by its pid, and a slow machine costs nobody the lease.
      LONGHAUL_QUEUE__VISIBILITY_TIMEOUT_S: '30',
      LONGHAUL_QUEUE__SWEEP_INTERVAL_S: '0.2',
      ...this.env,
      ...(plan ? { LONGHAUL_TEST_FAULTS: JSON.stringify(plan) } : {}),
    };
    const args = ['--workspace', this.workspace, '--port', String(this.port)];
    const gateway = new GatewayProcess(args, env, `http://127.0.0.1:${this.port}`);
    this.processes.push(gateway);
    return gateway;
  }

  steps = async (id: string) => (await this.api.get<{ items: StepItem[] }>(`/v1/executions/${id}/steps`)).items;

  /** The events of an execution that has ended. */
  async events(id: string): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const url = `http://127.0.0.1:${this.port}/v1/executions/${id}/events?limit=1000`;
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    return ((await response.json()) as { items: { type: string; data: Record<string, unknown> }[] }).items;
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((gateway) => gateway.signal('SIGKILL')));
    const url = join(this.workspace, 'data/longhaul.db');
    const { database, dataSource } = await openTestDatabase({ backend: 'sqlite', url, poolSize: 1 });
    const violations = await new Invariants(database).violations();
    await database.close();
    await dataSource.destroy();
    expect(violations).toEqual([]);
  }
}
