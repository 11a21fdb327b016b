import { Injectable } from '@nestjs/common';
import type { SubmitRequest } from '@longhaul/agents';
import { ExecutionsReader } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { Caller } from '../auth/caller';

const RETRY_AFTER_S = 5;

/** Keeps the executions of an owner that are not over (queued, running, waiting) below `max_concurrent`. */
@Injectable()
export class LiveExecutions {
  /** Let in here and perhaps not committed yet, by owner. */
  private readonly underWay = new Map<string, number>();

  constructor(private readonly reader: ExecutionsReader) {}

  /**
   * One read for a caller that has such a limit, none for others. Throws `too_many_executions`, but not for what was
   * accepted before under the same Idempotency-Key. Exact within one process; several together may let in as many more
   * as they submit in the same moment.
   */
  async within<T>({ owner, maxConcurrent }: Caller, request: SubmitRequest, submit: () => Promise<T>): Promise<T> {
    if (maxConcurrent === 0) return submit();
    const others = this.underWay.get(owner) ?? 0;
    this.underWay.set(owner, others + 1);
    try {
      const live = await this.reader.countLive(owner, maxConcurrent);
      if (live + others >= maxConcurrent && !(await this.isKnown(request))) throw tooMany(maxConcurrent);
      return await submit();
    } finally {
      const left = (this.underWay.get(owner) ?? 1) - 1;
      if (left > 0) this.underWay.set(owner, left);
      else this.underWay.delete(owner);
    }
  }

  private async isKnown({ owner, idempotency }: SubmitRequest): Promise<boolean> {
    return idempotency !== undefined && (await this.reader.isKeyTaken(owner, idempotency));
  }
}

function tooMany(limit: number): LonghaulError {
  const message = `${limit} executions of this key's owner are not over yet (max_concurrent); try again in ${RETRY_AFTER_S} s`;
  return new LonghaulError('too_many_executions', message, {
    retryable: true,
    details: { retry_after_s: RETRY_AFTER_S },
  });
}
