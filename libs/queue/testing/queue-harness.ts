import type { ExecutionQueue, HintBus } from '../src';

/** A real broker that the suite may stop and start again at the same address. */
export interface BrokerControl {
  down(): Promise<void>;
  up(): Promise<void>;
  /** Whether what it had accepted is still there afterwards. */
  durable: boolean;
}

/** What a provider must bring to be proven by `describeQueueContract`. An absent part is a test that shows as skipped. */
export interface QueueHarness {
  /** One more client of the same backend, as another process would have; not opened. The suite opens and closes it. */
  client(): ExecutionQueue;
  /**
   * A client whose process can die: `kill` ends its connections without a word, as the kernel does for a process
   * killed with -9. Absent: the queue lives in one process, and what was waiting dies with it.
   */
  mortalClient?(): Promise<{ client: ExecutionQueue; kill(): Promise<void> }>;
  /** How long after that death an unsettled delivery may take to be back in its lane. */
  backWithinMs?: number;
  /** Puts a payload into the lane as a stranger would, past the provider. Absent: the queue has no wire. */
  inject?(lane: string, payload: string): Promise<void>;
  /** Absent: there is no broker that could be away. */
  broker?: BrokerControl;
  /** Clients whose settings no waiting will mend, with what their error must name. */
  misconfigured?(): { client: ExecutionQueue; names: RegExp }[];
}

export interface HintBusHarness {
  /** One more process of the gateway; not opened. The suite opens and closes it. */
  bus(): HintBus;
  /** Sends a payload to the bus as a stranger would. Absent: the bus has no wire. */
  inject?(payload: string): Promise<void>;
  broker?: BrokerControl;
}
