import { isJsonObject } from '@longhaul/kernel';
import type { Hint } from '../hint-bus';

/** The listeners of one process, told what came over the wire. What is no hint is passed over. */
export class HintListeners {
  private readonly listeners = new Set<(hint: Hint) => void>();

  add(listener: (hint: Hint) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(payload: string): void {
    const hint = parseHint(payload);
    if (hint) for (const listener of this.listeners) listener(hint);
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
