/**
 * "There is news", sent to whoever waits. A hint carries no truth and may be lost, doubled or late without harm:
 * every listener has a slower way to find out (polling, the heartbeat).
 */
export type Hint =
  /** The lane may have work. */
  | { kind: 'lane'; lane: string }
  /** The execution's status may have changed. */
  | { kind: 'execution'; executionId: string }
  /** Its event log has grown: a hint of its own, because it comes often and concerns only those who follow the log. */
  | { kind: 'events'; executionId: string }
  /** Somebody asked that the running execution be cancelled. */
  | { kind: 'cancel'; executionId: string }
  /** Somebody asked that the worker take nothing more. */
  | { kind: 'drain'; workerId: string }
  /** Something is to be delivered. */
  | { kind: 'delivery' }
  /** The registered webhook endpoints have changed. */
  | { kind: 'endpoints' };

/** Carries hints between the processes of one gateway, including back to the sender. */
export abstract class HintBus {
  /** Sends and forgets: never throws, never waits, drops when the backend is away. */
  abstract publish(hint: Hint): void;

  /** `listener` gets every hint from now on; the answer ends it. */
  abstract subscribe(listener: (hint: Hint) => void): () => void;

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
