export { describeHintBusContract } from './describe-hint-bus-contract';
export { describeQueueContract } from './describe-queue-contract';
export { idsOf, inLane, newJob, newJobs, newLane, next, take } from './queue-clients';
export type { BrokerControl, HintBusHarness, QueueHarness } from './queue-harness';
