import type { WorkerRecord } from '@longhaul/executions';

const moment = (ms: number) => new Date(ms).toISOString();

export function workerView(worker: WorkerRecord) {
  const { drainRequestedAt, endedAt, endReason, slots } = worker;
  return {
    worker_id: worker.id,
    state: worker.state,
    host: worker.host,
    pid: worker.pid,
    version: worker.version,
    queues: worker.queues,
    ...(slots === null ? {} : { slots }),
    running: worker.running,
    executions: worker.executions.map(({ id, startedAt }) => ({ execution_id: id, started_at: moment(startedAt) })),
    started_at: moment(worker.startedAt),
    last_heartbeat_at: moment(worker.renewedAt),
    silent_for_s: worker.silentMs / 1_000,
    ...(drainRequestedAt === null ? {} : { drain_requested_at: moment(drainRequestedAt) }),
    ...(endedAt === null ? {} : { ended_at: moment(endedAt) }),
    ...(endReason === null ? {} : { end_reason: endReason }),
  };
}
