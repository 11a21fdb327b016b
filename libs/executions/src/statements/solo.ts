import type { Dialect } from '@longhaul/database';
import { SOLO_FROM_INTERRUPTIONS, SOLO_PATIENCE_MS } from '../lifecycle/transitions';

/** Whether a queued execution must run alone now: it is a suspect, and has not waited too long for its turn. */
export function needsSolo({ now }: Dialect): string {
  return `(interruptions >= ${SOLO_FROM_INTERRUPTIONS} AND due_at > ${now} - ${SOLO_PATIENCE_MS})`;
}
