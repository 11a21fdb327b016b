import type { TransitionName } from './rules';
import type { World } from './world';

/**
 * One thing that may happen next. `work` is what a healthy system does by itself, sooner or later; `client` and `fault`
 * may happen or not.
 */
export interface Move {
  text: string;
  kind: 'work' | 'client' | 'fault';
  to: World;
  /** The row of the table that came true, and for which execution. */
  row?: TransitionName;
  of?: number;
  /** The run whose write was accepted. */
  writer?: { worker: string; epoch: number };
}
