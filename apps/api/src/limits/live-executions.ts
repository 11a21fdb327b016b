import { Injectable } from '@nestjs/common';
import type { SubmitRequest } from '@longhaul/agents';
import { ExecutionsReader } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { Caller } from '../auth/caller';

const RETRY_AFTER_S = 5;

type Known = Pick<SubmitRequest, 'owner' | 'idempotency'>;

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
  async within<T>(caller: Caller, request: Known, submit: () => Promise<T>): Promise<T> {
    return this.upTo(caller, 1, async (room) => {
      if (room === 0 && !(await this.isKnown(request))) throw tooMany(caller.maxConcurrent);
      return submit();
    });
  }

  /**
   * For callers that make several at once: `make` is told how many, up to `wanted`, have a place. Throws
   * `too_many_executions` where not even one has.
   */
  async asManyAs<T>(caller: Caller, wanted: number, make: (room: number) => Promise<T>): Promise<T> {
    return this.upTo(caller, wanted, (room) => {
      if (room === 0) throw tooMany(caller.maxConcurrent);
      return make(room);
    });
  }

  /** Meanwhile the places that were given count as taken. */
  private async upTo<T>(
    { owner, maxConcurrent }: Caller,
    wanted: number,
    make: (room: number) => Promise<T>,
  ): Promise<T> {
    if (maxConcurrent === 0) return make(wanted);
    const others = this.underWay.get(owner) ?? 0;
    const asked = Math.min(wanted, maxConcurrent);
    this.take(owner, asked);
    let taken = asked;
    try {
      const live = await this.reader.countLive(owner, maxConcurrent);
      const room = Math.max(0, Math.min(asked, maxConcurrent - live - others));
      this.take(owner, room - asked);
      taken = room;
      return await make(room);
    } finally {
      this.take(owner, -taken);
    }
  }

  private take(owner: string, places: number): void {
    const taken = (this.underWay.get(owner) ?? 0) + places;
    if (taken > 0) this.underWay.set(owner, taken);
    else this.underWay.delete(owner);
  }

  private async isKnown({ owner, idempotency }: Known): Promise<boolean> {
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
