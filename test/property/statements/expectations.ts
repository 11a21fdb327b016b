import { LonghaulError } from '@longhaul/kernel';
import { SOLO_FROM_INTERRUPTIONS } from '@longhaul/executions';
import type { Gateway } from './gateway';
import type { Model } from './model';
import { OWNER, type Step } from './step';

type StepOf<N extends Step['do']> = Step & { do: N };
const sorted = (ids: string[]) => ids.toSorted();

/** Does the step, and asks of every answer whether it is the one that the model gives. The model goes along. */
export class Expectations {
  constructor(
    private readonly model: Model,
    private readonly gateway: Gateway,
  ) {}

  /** Those who are there from the beginning. */
  begin(): void {
    for (const id of this.gateway.cast.workers) this.model.leases.set(id, 'lives');
  }

  async check(step: Step): Promise<void> {
    switch (step.do) {
      case 'submit':
        return this.submit(step);
      case 'claim':
        return this.claim(step);
      case 'append':
        return this.append(step);
      case 'end':
        return this.end(step);
      case 'cancel':
        return this.cancel(step);
      case 'redrive':
        return this.redrive(step);
      case 'discard':
        return this.discard(step);
      case 'late':
        this.model.late(step.id);
        return this.gateway.late({ do: 'late', id: step.id });
      case 'arrive': {
        const expected = this.model.arrive(step.id) ? [step.id] : [];
        expect((await this.gateway.arrive({ do: 'arrive', id: step.id })).map(({ id }) => id)).toEqual(expected);
        return;
      }
      case 'idle':
        return this.idle(step as StepOf<'idle'>);
      case 'heartbeat':
        return this.heartbeat(step as StepOf<'heartbeat'>);
      case 'silence':
        this.falls(step.workerId);
        return this.gateway.silence(step as StepOf<'silence'>);
      case 'restart':
        this.falls(step.workerId);
        await this.gateway.restart(step as StepOf<'restart'>);
        return this.startsAnew(step.worker);
      case 'drain':
        return this.drain(step as StepOf<'drain'>);
      case 'sweep':
        return this.sweep();
      case 'pass':
        for (const waiting of this.model.waiting()) {
          if (!waiting.state.due) Object.assign(waiting, { ringDue: true, state: { ...waiting.state, due: true } });
        }
        return this.gateway.pass();
      case 'wait':
        for (const waiting of this.model.waiting()) if (waiting.state.due) waiting.ringDue = true;
        return this.gateway.wait();
    }
  }

  private async submit(step: StepOf<'submit'>): Promise<void> {
    const outcomes = await this.gateway.submit(step);
    for (const [index, { idempotency, conversationId, isTurn, delayMs }] of step.commands.entries()) {
      const outcome = outcomes[index];
      const key = idempotency && this.model.keys.get(idempotency.key);
      if (key && key.body !== idempotency.bodyHash) {
        expect(outcome).toMatchObject({ code: 'idempotency_key_reused' });
      } else if (key) {
        expect(outcome).toMatchObject({ replayed: true, execution: { id: key.id } });
      } else {
        if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
        expect(outcome.replayed).toBe(false);
        const { id } = outcome.execution;
        if (idempotency) this.model.keys.set(idempotency.key, { body: idempotency.bodyHash, id });
        this.model.submitted(id, isTurn && conversationId !== undefined ? conversationId : null, delayMs > 0);
      }
    }
  }

  private async claim(step: StepOf<'claim'>): Promise<void> {
    const expected = step.requests.map(({ executionId, workerId, solo }) =>
      this.model.claim(executionId, workerId, solo),
    );
    const outcomes = await this.gateway.claim(step);
    expect(outcomes.map(({ kind }) => kind)).toEqual(expected);
  }

  private async idle(step: StepOf<'idle'>): Promise<void> {
    const waiting = this.model.waiting().filter((one) => one.state.due && !one.state.late && !this.model.isGated(one));
    const expected = waiting.map(({ id, state }) => [id, state.interruptions >= SOLO_FROM_INTERRUPTIONS]);
    const { found, claim } = await this.gateway.idle(step);
    expect(new Map(found.map(({ executionId, solo }) => [executionId, solo]))).toEqual(new Map(expected as []));
    const [first] = found;
    expect(claim?.kind).toBe(first && this.model.claim(first.executionId, step.workerId, true));
  }

  private async append(step: StepOf<'append'>): Promise<void> {
    const expected = step.requests.map(({ fence }) => this.model.accepts(fence));
    expect(await this.gateway.append(step)).toEqual(expected);
    for (const [index, { step: recorded, fence }] of step.requests.entries()) {
      if (recorded && expected[index]) this.model.recorded(fence.executionId);
    }
  }

  private async redrive(step: StepOf<'redrive'>): Promise<void> {
    const outcomes = await this.gateway.redrive(step);
    for (const [index, { retryOf }] of step.commands.entries()) {
      const outcome = outcomes[index];
      const failed = retryOf?.executionId ?? '';
      const handled = this.model.handled.get(failed);
      if (handled === null) {
        expect(outcome).toMatchObject({ code: 'dead_letter_handled' });
      } else if (handled !== undefined) {
        expect(outcome).toMatchObject({ replayed: true, execution: { id: handled } });
      } else {
        if (!outcome || outcome instanceof LonghaulError) throw outcome ?? new Error('no outcome');
        expect(outcome).toMatchObject({ replayed: false, execution: { retryOf: failed } });
        this.model.handled.set(failed, outcome.execution.id);
        this.model.submitted(outcome.execution.id, null, false);
      }
    }
  }

  private async discard(step: StepOf<'discard'>): Promise<void> {
    const expected = new Set(step.ids.filter((id) => !this.model.handled.has(id)));
    for (const id of expected) this.model.handled.set(id, null);
    expect(await this.gateway.discard(step)).toEqual(expected);
  }

  private async end(step: StepOf<'end'>): Promise<void> {
    const expected = step.endings.map(({ fence, ending }) => this.model.end(fence, ending)?.status ?? null);
    const outcomes = await this.gateway.end(step);
    expect(outcomes.map((outcome) => outcome?.status ?? null)).toEqual(expected);
  }

  private async cancel(step: StepOf<'cancel'>): Promise<void> {
    const expected = step.owner === OWNER ? this.model.cancel(step.id) : null;
    const outcome = await this.gateway.cancel(step);
    expect(outcome && { status: outcome.execution.status, changed: outcome.changed }).toEqual(expected);
  }

  private async heartbeat(step: StepOf<'heartbeat'>): Promise<void> {
    const { model, gateway } = this;
    const { workerId } = step;
    const lives = model.leases.has(workerId);
    const under = lives ? model.under(workerId) : [];
    const strays = under.filter(({ id }) => !gateway.cast.holds(workerId, id));
    const { lease, released } = await gateway.heartbeat(step);
    const cancels = under.filter(({ state }) => state.cancelAsked);
    expect(lease && { running: sorted(lease.running), cancels: sorted(lease.cancels) }).toEqual(
      lives ? { running: sorted(under.map(({ id }) => id)), cancels: sorted(cancels.map(({ id }) => id)) } : null,
    );
    const given = strays.map(({ id, state: { epoch } }) =>
      model.end({ executionId: id, runId: '', workerId, epoch }, { kind: 'released' }),
    );
    expect(sorted(released.map((one) => String(one?.status)))).toEqual(sorted(given.map((one) => String(one?.status))));
    if (lives) model.leases.set(workerId, 'lives');
    else this.startsAnew(step.worker);
  }

  private async drain(step: StepOf<'drain'>): Promise<void> {
    const held = [...this.gateway.cast.heldBy(step.workerId)];
    const expected = held.map((fence) => this.model.end(fence, { kind: 'released' })?.status ?? null);
    const outcomes = await this.gateway.drain(step);
    expect(outcomes.map((outcome) => outcome?.status ?? null)).toEqual(expected);
    this.model.leases.delete(step.workerId);
    this.startsAnew(step.worker);
  }

  private async sweep(): Promise<void> {
    const { model } = this;
    const expectedLate = model.exceed();
    const due = model.waiting().filter(({ ringDue }) => ringDue);
    const rung = due.filter((one) => !model.isGated(one)).map(({ id }) => id);
    for (const one of due) one.ringDue = false;
    const silent = [...model.leases].flatMap(([id, lease]) => (lease === 'silent' ? [id] : []));
    for (const id of silent) model.leases.delete(id);
    const expected = new Map(model.takeBack());
    const { late, rings, ended, taken } = await this.gateway.sweep();
    expect(sorted(late.map(({ id }) => id))).toEqual(sorted(expectedLate));
    expect(sorted(rings.map(({ executionId }) => executionId))).toEqual(sorted(rung));
    expect(sorted(ended)).toEqual(sorted(silent));
    expect(new Map(taken.map(({ id, status }) => [id, status]))).toEqual(expected);
  }

  private falls(workerId: string): void {
    if (this.model.leases.has(workerId)) this.model.leases.set(workerId, 'silent');
  }

  private startsAnew(worker: number): void {
    this.model.leases.set(this.gateway.cast.workers[worker] ?? '', 'lives');
  }
}
