import { execFileSync } from 'node:child_process';

/** The pids of the living members of a process group; one that is dead and not yet reaped does not live. */
export function processesOfGroup(group: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,pgid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, pgid, stat]) => Number(pgid) === group && !stat?.startsWith('Z'))
    .map(([pid]) => Number(pid));
}
