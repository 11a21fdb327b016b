import { randomUUID } from 'node:crypto';
import type { ExecutionView } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import type { FaultWorld, Op } from './fault-world';

/**
 * Clients as they should be: each submits one execution after the other under a key of its own, and sends what was not
 * accepted again with the same key until it is.
 */
export class Crowd {
  /** What was answered, by status; 0: no answer at all. */
  readonly answers = new Map<number, number>();
  /** The execution that each key got, whenever it was told. */
  private readonly accepted = new Map<string, Set<string>>();
  private readonly clients: Promise<void>[];
  private done = false;

  constructor(
    private readonly world: FaultWorld,
    clients: number,
    private readonly ops: Op[],
  ) {
    this.clients = Array.from({ length: clients }, () => this.client());
  }

  /** The ids of all that was accepted. */
  get ids(): string[] {
    return [...this.accepted.values()].flatMap((ids) => [...ids]);
  }

  /** Until so many more are accepted than now. */
  async acceptedMore(count: number): Promise<void> {
    const goal = this.accepted.size + count;
    await this.world.eventually(() => this.accepted.size >= goal);
  }

  /** Until one more is answered with this status. */
  async answered(status: number): Promise<void> {
    const before = this.answers.get(status) ?? 0;
    await this.world.eventually(() => (this.answers.get(status) ?? 0) > before);
  }

  /** Each client has its present one accepted, and leaves. */
  async leave(): Promise<void> {
    this.done = true;
    await Promise.all(this.clients);
  }

  /** What everyone may rely on: one execution a key, each of them completed, no run of any done twice. */
  async expectEachOnce(): Promise<ExecutionView[]> {
    expect([...this.accepted.values()].filter((ids) => ids.size !== 1)).toEqual([]);
    const executions = await this.world.ended(this.ids);
    expect(executions.filter(({ status }) => status !== 'completed')).toEqual([]);
    const database = await this.world.database();
    const rows = await database.read('SELECT id FROM executions');
    expect(rows.map((row) => String(row.id)).toSorted()).toEqual(this.ids.toSorted());
    return executions;
  }

  private async client(): Promise<void> {
    while (!this.done) {
      const key = randomUUID();
      await eventually(() => this.submit(key), { timeoutMs: 120_000, intervalMs: 100 });
    }
  }

  private async submit(key: string): Promise<boolean> {
    const headers = { 'idempotency-key': key };
    const response = await this.world.api
      .post('/v1/agents/work/invoke', { input: { do: this.ops } }, headers)
      .catch(() => null);
    const body = (await response?.json().catch(() => null)) as ExecutionView | null | undefined;
    const status = response?.status ?? 0;
    this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
    if (status !== 202 || !body) return false;
    this.accepted.set(key, (this.accepted.get(key) ?? new Set()).add(body.execution_id));
    return true;
  }
}
