import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import { faults } from '@longhaul/kernel';
import { type LostRing, LostRings } from '@longhaul/queue';
import { type DueMarks, findDue } from '../statements/due';

/** Lost rings, found where the truth is: executions that are queued and due, whether or not a ring for them is left. */
@Injectable()
export class DueExecutions extends LostRings {
  private readonly marks: DueMarks = new Map();

  constructor(private readonly database: Database) {
    super();
  }

  async find(queues: string[], limit: number): Promise<LostRing[]> {
    if (faults.off.has('idle-claim')) return [];
    const rings = await findDue(this.database, queues, limit, this.marks);
    return rings.map(({ queue, jobId, executionId, solo }) => ({ queue, solo, job: { v: 1, jobId, executionId } }));
  }
}
