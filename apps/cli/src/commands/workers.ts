import type { Worker } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';

export interface ListWorkersFlags extends ClientFlags {
  all?: boolean;
}

const HEADER = ['WORKER', 'STATE', 'HOST', 'PID', 'VERSION', 'QUEUES', 'RUNNING', 'HEARTBEAT'];

/** Those that live; with `--all` those that ended a while ago, too. */
export async function listWorkers(flags: ListWorkersFlags): Promise<ExitCode> {
  const all = await connect(flags).workers.list();
  const items = flags.all ? all : all.filter(({ ended_at }) => ended_at === undefined);
  if (flags.json) printJson({ items });
  else if (items.length > 0) printTable(HEADER, items.map(rowOf));
  else console.error('no worker lives: what is submitted waits until one is started');
  return EXIT.ok;
}

export async function drainWorker(id: string, flags: ClientFlags): Promise<ExitCode> {
  const worker = await connect(flags).workers.drain(id);
  if (flags.json) printJson(worker);
  else console.log(`${worker.worker_id} ${worker.state}, ${worker.running} running`);
  return EXIT.ok;
}

function rowOf(worker: Worker): string[] {
  const { worker_id, state, host, pid, version, queues, running, slots, silent_for_s } = worker;
  return [
    worker_id,
    state,
    plain(host),
    String(pid),
    plain(version),
    plain(Object.keys(queues).join(',')),
    slots === undefined ? String(running) : `${running}/${slots}`,
    `${silent_for_s.toFixed(1)} s ago`,
  ];
}
