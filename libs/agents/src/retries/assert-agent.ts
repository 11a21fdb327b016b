import type { Execution } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';

/** The call of a tool belongs to whoever wanted it called: `instead` is what can be done with that one. */
export function assertAgent({ id, kind, target, parentId }: Execution, instead: 'retry' | 'fork'): void {
  if (kind === 'agent') return;
  const mend = parentId === null ? '' : `: ${instead} ${parentId}, which asked for it`;
  const what = instead === 'retry' ? 'tried anew' : 'forked';
  throw new LonghaulError('agent_unavailable', `${id} is a call of ${target}, which is not ${what} by itself${mend}`);
}
