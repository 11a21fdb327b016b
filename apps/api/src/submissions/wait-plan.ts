import type { ExecutionMode } from '@longhaul/agents';
import type { QueueConfig } from '@longhaul/config';
import type { Preferences } from './prefer';

/** How long a submission waits for its result, in seconds; `applied` is the header `Preference-Applied`. */
export interface WaitPlan {
  waitS: number;
  applied?: string;
}

/**
 * An agent's `async` is forced: 202 at once, unless the caller prefers to wait. A `sync` one waits up to
 * `server.sync_wait_s`, unless the caller prefers not to, or less. Backend `none` has no worker to come back to:
 * there everything waits, and the header says so.
 */
export function waitPlan(
  mode: ExecutionMode,
  prefer: Preferences,
  { backend, syncWaitS }: { backend: QueueConfig['backend']; syncWaitS: number },
): WaitPlan {
  if (backend === 'none') {
    const waitS = Math.min(prefer.wait ?? syncWaitS, syncWaitS);
    return { waitS, applied: `wait=${waitS}` };
  }
  if (prefer.wait !== undefined) {
    const waitS = Math.min(prefer.wait, syncWaitS);
    return { waitS, applied: `${prefer.respondAsync ? 'respond-async, ' : ''}wait=${waitS}` };
  }
  if (prefer.respondAsync) return { waitS: 0, applied: 'respond-async' };
  return { waitS: mode === 'sync' ? syncWaitS : 0 };
}
