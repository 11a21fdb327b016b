import { AsyncLocalStorage } from 'node:async_hooks';
import { isJsonObject } from '@longhaul/kernel';
import type { Hint } from '../hint-bus';

/**
 * The listeners of one process. Each is called as from where it subscribed: what it goes on to do, and to log, is nothing
 * of the run or the request that happened to send the hint.
 */
export class HintListeners {
  private readonly listeners = new Set<(hint: Hint) => void>();

  add(listener: (hint: Hint) => void): () => void {
    const asSubscribed = AsyncLocalStorage.snapshot();
    const call = (hint: Hint) => asSubscribed(listener, hint);
    this.listeners.add(call);
    return () => void this.listeners.delete(call);
  }

  tell(hint: Hint): void {
    for (const listener of this.listeners) listener(hint);
  }

  /** What came over the wire; what is no hint is passed over. */
  hear(payload: string): void {
    const hint = parseHint(payload);
    if (hint) this.tell(hint);
  }
}

function isOfExecution(kind: unknown): kind is 'execution' | 'events' | 'cancel' {
  return kind === 'execution' || kind === 'events' || kind === 'cancel';
}

function parseHint(payload: string): Hint | null {
  try {
    const value: unknown = JSON.parse(payload);
    if (!isJsonObject(value)) return null;
    const { kind, lane, executionId, workerId } = value;
    if (kind === 'lane' && typeof lane === 'string') return { kind, lane };
    if (isOfExecution(kind) && typeof executionId === 'string') return { kind, executionId };
    if (kind === 'drain' && typeof workerId === 'string') return { kind, workerId };
    if (kind === 'delivery' || kind === 'endpoints') return { kind };
    return null;
  } catch {
    return null;
  }
}
