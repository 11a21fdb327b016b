/** For the tests of a queue backend of your own; stands on jest's globals. */
export { describeHintBusContract, describeQueueContract } from '@longhaul/queue/testing';
export type { HintBusHarness, QueueHarness } from '@longhaul/queue/testing';
