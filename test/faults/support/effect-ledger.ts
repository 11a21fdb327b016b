import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '../../support/eventually';

/** One thing that an agent did to the outside world. */
export interface Effect {
  name: string;
  executionId: string;
  runId: string;
  attempt: number;
  /** Of the step that did it, if one did. */
  stepKey?: string;
  /** As its body has it, or its header, where a tool of kind http did it. */
  idempotencyKey?: string;
}

/**
 * The outside world: it keeps, in order, whatever an agent did to it, and answers when it is told to: how often this was
 * done for this execution.
 */
export class EffectLedger {
  readonly effects: Effect[] = [];
  private readonly held = new Set<string>();
  private readonly waiting: { effect: Effect; response: ServerResponse }[] = [];

  private constructor(
    private readonly server: Server,
    private readonly patienceMs: number,
  ) {}

  static async start(patienceMs: number): Promise<EffectLedger> {
    const server = createServer((request, response) => {
      const key = request.headers['idempotency-key'];
      const header = typeof key === 'string' ? { idempotencyKey: key } : {};
      void text(request).then((body) => ledger.record({ ...header, ...(JSON.parse(body) as Effect) }, response));
    });
    const ledger = new EffectLedger(server, patienceMs);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return ledger;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Effects of this name happen, and their agents get no answer before `release`. */
  hold(name: string): void {
    this.held.add(name);
  }

  release(name: string): void {
    this.held.delete(name);
    for (const { effect, response } of this.waiting) if (effect.name === name) this.answer(effect, response);
  }

  named(name: string): Effect[] {
    return this.effects.filter((effect) => effect.name === name);
  }

  of(executionId: string): Effect[] {
    return this.effects.filter((effect) => effect.executionId === executionId);
  }

  /** Until an effect of this name has happened so many times. */
  async happened(name: string, times = 1): Promise<void> {
    await eventually(() => this.named(name).length >= times, { timeoutMs: this.patienceMs });
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private record(effect: Effect, response: ServerResponse): void {
    this.effects.push(effect);
    if (this.held.has(effect.name)) this.waiting.push({ effect, response });
    else this.answer(effect, response);
  }

  private answer({ name, executionId }: Effect, response: ServerResponse): void {
    response.end(JSON.stringify({ times: this.of(executionId).filter((effect) => effect.name === name).length }));
  }
}
