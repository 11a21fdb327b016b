import { Agent, type AgentHandler } from '@longhaul/agents';
import type { JsonObject } from '@longhaul/kernel';
import { work, WORKLOAD } from '../workload';

@Agent({ id: 'noop', executionMode: 'async', queue: WORKLOAD.noop.queue })
export class NoopAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('noop');
  }
}

@Agent({ id: 'sleeper', executionMode: 'async', queue: WORKLOAD.sleeper.queue })
export class SleeperAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('sleeper');
  }
}

@Agent({ id: 'parked', executionMode: 'async', queue: WORKLOAD.parked.queue })
export class ParkedAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('parked');
  }
}
