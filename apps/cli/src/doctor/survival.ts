import type { GatewayConfig } from '@longhaul/config';

/** What happens to whom: one line for each thing that may be lost. docs/operations.md tells them at length. */
export interface Survival {
  when: string;
  outcome: string;
}

/** What would not survive what, with this pair of queue and database. */
export function survivals({ queue, persistence, worker }: GatewayConfig): Survival[] {
  return [
    { when: 'a worker is killed', outcome: whenAWorkerDies(queue, persistence) },
    { when: 'the queue is lost', outcome: whenTheQueueIsLost(queue) },
    {
      when: 'the database is lost',
      outcome: 'everything that was accepted since the last backup is lost: nothing else keeps it',
    },
    {
      when: 'everything stops at once',
      outcome: `what waits waits on; what ran is taken back ${queue.visibilityTimeoutS} s after the last heartbeat (every ${worker.heartbeatS} s) at the latest`,
    },
  ];
}

function whenAWorkerDies(
  { backend, visibilityTimeoutS }: GatewayConfig['queue'],
  { backend: database }: GatewayConfig['persistence'],
) {
  const alone = backend === 'none' || backend === 'memory';
  const where = database === 'sqlite' ? 'by another process on this machine' : 'by any other worker';
  return alone
    ? 'the API is down with it, until the process is started again; its executions then run again'
    : `its executions run again, taken back ${where}; ${visibilityTimeoutS} s after its last heartbeat at the latest`;
}

function whenTheQueueIsLost({ backend }: GatewayConfig['queue']): string {
  switch (backend) {
    case 'none':
    case 'memory':
      return 'with the process; executions are rows, and found by the next start';
    case 'redis':
    case 'rabbitmq':
    case 'custom':
      return 'no execution: rings are, and idle workers find what is due within seconds; submissions go on';
  }
}
