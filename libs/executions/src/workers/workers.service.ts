import { Injectable } from '@nestjs/common';
import { Database, type Row } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { HintBus } from '@longhaul/queue';
import { requestDrain } from '../statements/leases';
import { toWorkerRecord, type WorkerRecord } from './worker-record';

/** How long those that have ended are listed. */
const ENDED_FOR_MS = 3_600_000;
const MAX_LISTED = 500;
/** Of each worker, the oldest first. */
const MAX_EXECUTIONS = 20;

/** What an operator may see of the workers, whoever owns what they run, and ask of them. */
@Injectable()
export class WorkersService {
  constructor(
    private readonly database: Database,
    private readonly hints: HintBus,
  ) {}

  /** Those that live, then those that ended within the hour; newest first, at most 500. */
  async list(): Promise<WorkerRecord[]> {
    const { now } = this.database.dialect;
    const rows = await this.database.read(
      `SELECT *, ${now} AS now FROM workers WHERE ended_at IS NULL OR ended_at > ${now} - ${ENDED_FOR_MS}
       ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT ${MAX_LISTED}`,
    );
    return this.withExecutions(rows);
  }

  /**
   * Asks a worker to take nothing more, let what it runs end, and stop; answers it as it stands right after. Idempotent,
   * also on one that has ended. Throws `not_found`.
   */
  async drain(id: string): Promise<WorkerRecord> {
    await requestDrain(this.database, id);
    const rows = await this.database.read(`SELECT *, ${this.database.dialect.now} AS now FROM workers WHERE id = $1`, [
      id,
    ]);
    const [worker] = await this.withExecutions(rows);
    if (!worker) {
      throw new LonghaulError('not_found', `no worker "${id.slice(0, 64)}"; GET /v1/workers lists those there are`);
    }
    if (worker.state === 'draining') this.hints.publish({ kind: 'drain', workerId: id });
    return worker;
  }

  private async withExecutions(workers: Row[]): Promise<WorkerRecord[]> {
    const asked = this.database.dialect.recordset('x', { id: 'text' }, '$1');
    const running = await this.database.read(
      `SELECT * FROM
         (SELECT e.worker_id, e.id, r.started_at, row_number() OVER (PARTITION BY e.worker_id ORDER BY r.started_at, e.id) AS place,
                 count(*) OVER (PARTITION BY e.worker_id) AS running
          FROM ${asked} JOIN executions e ON e.worker_id = x.id AND e.status = 'running' JOIN runs r ON r.id = e.run_id)
         AS listed
       WHERE place <= ${MAX_EXECUTIONS} ORDER BY place`,
      [JSON.stringify(workers.map(({ id }) => ({ id })))],
    );
    const byWorker = Map.groupBy(running, (row) => row.worker_id as string);
    return workers.map((worker) => {
      const rows = byWorker.get(worker.id as string) ?? [];
      const executions = rows.map((row) => ({ id: row.id as string, startedAt: Number(row.started_at) }));
      return toWorkerRecord(worker, executions, Number(rows[0]?.running ?? 0));
    });
  }
}
