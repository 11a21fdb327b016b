import type { Execution } from './entities/execution.entity';

/** Of a turn, and of a fork of one, which is none itself: as far as that it knows the conversation. Null of an invoke. */
export function placeInConversation({ turn, fork }: Pick<Execution, 'turn' | 'fork'>): number | null {
  return turn ?? fork?.turn ?? null;
}
