import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { HintBus } from '@longhaul/queue';
import { Rounds } from './rounds';
import { meetWaitsForChildren } from './statements/families';
import { endLateWaits, findReady, lateApprovals } from './statements/wake';
import {
  type EventForWaits,
  type ResolvedWait,
  resolveEventWaits,
  resolveWait,
  type WaitAnswer,
} from './statements/waits';
import { Waker } from './waker';

/** Gives those that wait what they wait for. Reads of waits are their owners' above. */
@Injectable()
export class WaitsService {
  private readonly askers = new Rounds<string, string>((after) => meetWaitsForChildren(this.database, after));

  constructor(
    private readonly database: Database,
    private readonly waker: Waker,
    private readonly hints: HintBus,
  ) {}

  /** Once for each wait; null when it was too late: answered, over, or its execution has ended or is being cancelled. */
  async resolve(answer: WaitAnswer): Promise<ResolvedWait | null> {
    const resolved = await resolveWait(this.database, answer);
    if (!resolved) return null;
    if (answer.event) this.hints.publish({ kind: 'events', executionId: resolved.executionId });
    this.waker.wake(resolved.executionId);
    return resolved;
  }

  /** Answers the executions that it was for. An event that nobody waits for is nobody's. */
  async send(event: EventForWaits): Promise<string[]> {
    const executionIds = await resolveEventWaits(this.database, event);
    for (const id of executionIds) this.waker.wake(id);
    return executionIds;
  }

  /**
   * For the sweep: what has waited long enough, and what should have been woken. At most `limit` of each, and a page of
   * those that wait for children.
   */
  async sweep(limit: number): Promise<void> {
    const late = await endLateWaits(this.database, limit);
    for (const { id: waitId, owner } of await lateApprovals(this.database, limit)) {
      await this.resolve({ waitId, owner, resolution: null, event: EXPIRED });
    }
    const ready = [...(await findReady(this.database, limit)), ...(await this.askers.look())];
    for (const id of [...late, ...ready]) this.waker.wake(id);
  }
}

const EXPIRED = { type: 'approval.decided', data: { expired: true } } as const;
