import { MemoryHintBus, MemoryQueue } from '../../../libs/queue/src/providers/memory';
import { describeHintBusContract, describeQueueContract } from '@longhaul/queue/testing';

// Every client of a queue inside one process is the same object.
const queue = new MemoryQueue();
describeQueueContract('MemoryQueue', { client: () => queue });

const bus = new MemoryHintBus();
describeHintBusContract('MemoryHintBus', { bus: () => bus });
