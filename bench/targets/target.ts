import type { BenchProcess } from './bench-process';
import type { Usage } from './child';

/** Something that takes `POST /v1/agents/{id}/chat` and runs it, in one or two processes. */
export interface Target {
  name: string;
  processes: BenchProcess[];
  /** True when everything accepted for a served queue has been run and its result stored. */
  isSettled(): Promise<boolean>;
  /** Starts one more of its processes, which is then one of `processes`. */
  startAnother(role: string): Promise<BenchProcess>;
  /** What it needs closed besides its processes. */
  close?(): Promise<void>;
}

/** The first process is the one with the HTTP face. */
export function urlOf({ processes }: Target): string {
  return processes[0]?.url ?? '';
}

export function usages({ processes }: Target): Promise<Usage[]> {
  return Promise.all(processes.map((process) => process.usage()));
}

/** Processor time of all its processes so far; not that of a database or broker. */
export async function cpuMs(target: Target): Promise<number> {
  return (await usages(target)).reduce((sum, { cpuMs: ms }) => sum + ms, 0);
}

export async function startInto(processes: BenchProcess[], start: () => Promise<BenchProcess>): Promise<BenchProcess> {
  const started = await start();
  processes.push(started);
  return started;
}

/** For targets whose processes count: every accepted execution is finished. */
export async function countsAreEven(processes: BenchProcess[]): Promise<boolean> {
  const all = await Promise.all(processes.map((process) => process.usage()));
  return all.reduce((sum, { accepted, finished }) => sum + accepted - finished, 0) === 0;
}

export async function stopTarget({ processes, close }: Target): Promise<void> {
  await close?.();
  await Promise.all(processes.map((process) => process.stop()));
}
