import { Inject, Injectable } from '@nestjs/common';
import { ExecutionsReader, toExecutionRecord } from '@longhaul/executions';
import { LonghaulError, redact } from '@longhaul/kernel';
import type { Subject, TryOutcome } from '../delivery';
import { DeliveryChannels } from '../delivery-channels';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery-options';
import { redactRecord } from '../redact-record';
import { nextTryMs } from '../delivery-schedule';
import type { ClaimedDelivery } from '../statements/claim-deliveries';
import type { TryRecord } from '../statements/end-tries';
import { inDeliverySpan } from './delivery-span';

const MAX_TEXT = 1_024;

/** One try at a claimed delivery, from the channel's call to what is to be written of it. */
@Injectable()
export class TryDelivery {
  constructor(
    private readonly channels: DeliveryChannels,
    private readonly executions: ExecutionsReader,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /** Rejects only where the database does not answer: then the claim runs out, and it is tried again. */
  async run(claimed: ClaimedDelivery, stopping: AbortSignal): Promise<TryRecord> {
    const { delivery, claim, tries } = claimed;
    const base = { id: delivery.id, claim, delayMs: 0 };
    const late = whyTooLate(claimed, this.options.scheduleMs.length + 1);
    if (late !== null) return { ...base, status: 'failed', reason: late };
    const execution = await this.subjectOf(claimed);
    if (execution === undefined) {
      return { ...base, status: 'failed', reason: `execution ${delivery.executionId} is gone` };
    }
    const began = performance.now();
    const outcome = await inDeliverySpan(
      delivery,
      execution,
      (text) => this.clean(text),
      () => this.send(claimed, execution, stopping),
    );
    if (stopping.aborted && outcome.kind !== 'delivered') {
      return { ...base, status: 'pending', reason: 'the sender was stopped' };
    }
    if (outcome.kind === 'postponed') {
      if (claimed.tooLate)
        return { ...base, status: 'failed', reason: `its time is up: ${this.clean(outcome.reason)}` };
      return { ...base, status: 'pending', delayMs: outcome.delayMs, reason: this.clean(outcome.reason) };
    }
    const tried = this.tried(outcome, delivery.attempt, Math.round(performance.now() - began));
    if (outcome.kind === 'delivered') return { ...base, status: 'delivered', tried };
    const pause = outcome.retryable ? nextTryMs(this.options.scheduleMs, tries, outcome.retryAfterMs) : null;
    return pause === null
      ? { ...base, status: 'failed', tried }
      : { ...base, status: 'pending', delayMs: pause, tried };
  }

  private async send({ delivery }: ClaimedDelivery, execution: Subject, stopping: AbortSignal): Promise<TryOutcome> {
    const channel = this.channels.find(delivery.channel);
    if (!channel) {
      // Another version of this process may know it.
      const known = this.channels.names.join(', ');
      return { kind: 'failed', error: `no channel "${delivery.channel}" here, only ${known}`, retryable: true };
    }
    const time = AbortSignal.timeout(this.options.tryTimeoutMs);
    try {
      return await channel.send(delivery, execution, AbortSignal.any([time, stopping]));
    } catch (error) {
      if (time.aborted) return failed(`no answer within ${this.options.tryTimeoutMs / 1_000} s`, true);
      return failed(error instanceof Error ? error.message : String(error), isRetryable(error));
    }
  }

  /** Undefined: there is one no more. */
  private async subjectOf({ delivery }: ClaimedDelivery): Promise<Subject | undefined> {
    if (delivery.executionId === null) return null;
    const execution = await this.executions.find(delivery.executionId, delivery.owner);
    return execution ? redactRecord(toExecutionRecord(execution), this.options.secrets) : undefined;
  }

  private tried(outcome: Exclude<TryOutcome, { kind: 'postponed' }>, attempt: number, durationMs: number) {
    const { kind, status = null, excerpt } = outcome;
    return {
      attempt,
      durationMs,
      outcome: kind,
      status,
      error: outcome.kind === 'failed' ? this.clean(outcome.error) : null,
      excerpt: excerpt === undefined ? null : this.clean(excerpt),
    };
  }

  /** Without secrets first: half of one at the cut would stay. */
  private clean(text: string): string {
    return redact(text, this.options.secrets).slice(0, MAX_TEXT);
  }
}

function whyTooLate({ delivery, tries, tooLate }: ClaimedDelivery, maxTries: number): string | null {
  // Whose senders were all away for so long has been tried by nobody yet.
  if (tooLate && tries > 1) return 'its time is up';
  return tries > maxTries ? `try ${delivery.attempt - 1}, the last one, was cut: its sender ended in the middle` : null;
}

function failed(error: string, retryable: boolean): TryOutcome {
  return { kind: 'failed', error, retryable };
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof LonghaulError) || error.retryable;
}
