import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import { work, WORKLOAD } from '../workload';

@Agent({ id: 'noop', executionMode: 'async', queue: WORKLOAD.noop.queue })
class NoopAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('noop');
  }
}

@Agent({ id: 'sleeper', executionMode: 'async', queue: WORKLOAD.sleeper.queue })
class SleeperAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('sleeper');
  }
}

@Agent({ id: 'parked', executionMode: 'async', queue: WORKLOAD.parked.queue })
class ParkedAgent implements AgentHandler {
  run(): Promise<JsonObject> {
    return work('parked');
  }
}

@Agent({ id: 'napper', executionMode: 'async', queue: WORKLOAD.napper.queue })
class NapperAgent implements AgentHandler {
  run({ executionId, signal }: ExecutionContext): Promise<JsonObject> {
    return work('napper', executionId, signal);
  }
}

@Agent({ id: 'patient', executionMode: 'async', queue: WORKLOAD.patient.queue })
class PatientAgent implements AgentHandler {
  run({ executionId, signal }: ExecutionContext): Promise<JsonObject> {
    return work('patient', executionId, signal);
  }
}

export const BENCH_AGENTS = [NoopAgent, SleeperAgent, ParkedAgent, NapperAgent, PatientAgent];
