import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * This process as the others on its machine find it: the boot and the namespace that its pid is a number of, the pid,
 * and when the process that has this pid was started, since pids are used again. Away from Linux, host and pid alone.
 */
export function ownMark(): string {
  return [scope(), process.pid, startOf(process.pid)?.startedAt ?? ''].join(' ');
}

/** Whether the process of this mark has surely ended. False in doubt, and for one of another machine or container. */
export function isProcessGone(mark: string): boolean {
  const [where, pidText = '', startedAt = ''] = mark.split(' ');
  const pid = Number(pidText);
  if (where !== scope() || !Number.isInteger(pid) || pid <= 0) return false;
  if (!hasProcess(pid)) return true;
  const found = startedAt === '' ? undefined : startOf(pid);
  // A zombie has ended; what is left of it waits for its parent.
  return found !== undefined && (found.startedAt !== startedAt || found.state === 'Z' || found.state === 'X');
}

let ownScope: string | undefined;

function scope(): string {
  return (ownScope ??= linuxScope() ?? `host:${hostname().replaceAll(' ', '_')}`);
}

function linuxScope(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat; the name before them is in parentheses and may hold anything. */
function startOf(pid: number): { state: string; startedAt: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}
