/** What a process under measurement says of itself. */
export interface Usage {
  rssMb: number;
  /** Processor time since its start. */
  cpuMs: number;
  /** Executions accepted for a queue that is served, and executions finished with their results stored. */
  accepted: number;
  finished: number;
}
export type FromChild = { kind: 'ready'; url: string } | ({ kind: 'usage' } & Usage);

const counts = { accepted: 0, finished: 0 };

export function countAccepted(): void {
  counts.accepted += 1;
}

export function countFinished(): void {
  counts.finished += 1;
}

/** The child's side: tells the parent that it serves, answers when asked, and ends with its parent. */
export function reportReady(url = ''): void {
  process.on('message', () => send({ kind: 'usage', ...usage() }));
  process.on('disconnect', () => process.exit(1));
  send({ kind: 'ready', url });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { rssMb: process.memoryUsage.rss() / 2 ** 20, cpuMs: (user + system) / 1_000, ...counts };
}

function send(message: FromChild): void {
  process.send?.(message);
}
