import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import { machineMs, note } from '../ledger';
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

/** Says the moment at which it says it, `chunks` times. */
@Agent({ id: 'chatty', executionMode: 'async', queue: WORKLOAD.patient.queue })
class ChattyAgent implements AgentHandler {
  async run({ input, events }: ExecutionContext): Promise<JsonObject> {
    const { chunks, everyMs, waitMs } = (input as unknown as { context: Record<string, number> }).context;
    await sleep(waitMs);
    for (let index = 0; index < (chunks ?? 0); index += 1) {
      void events.append('output.delta', { step_id: 'talk', channel: 'text', index, text: String(machineMs()) });
      await sleep(everyMs);
    }
    return {};
  }
}

/** Waits for an event, and notes when it begins, and when it has it. */
@Agent({ id: 'waiter', executionMode: 'async', queue: WORKLOAD.patient.queue })
class WaiterAgent implements AgentHandler {
  async run({ executionId, step }: ExecutionContext): Promise<JsonObject> {
    note('started', executionId);
    await step.waitForEvent('go', { name: 'bench.go' });
    note('ended', executionId);
    return {};
  }
}

/** Asks as many of its kind as its level has, all at once, and answers how many there are from it down. */
@Agent({ id: 'branch', executionMode: 'async', queue: WORKLOAD.noop.queue })
class BranchAgent implements AgentHandler {
  async run({ input, step }: ExecutionContext): Promise<JsonObject> {
    const { branches } = (input as unknown as { context: { branches: number[] } }).context;
    const [count = 0, ...below] = branches;
    const asked = Array.from({ length: count }, (_, n) =>
      step.invoke(`branch:${n}`, { agent: 'branch', input: { context: { branches: below } } }),
    );
    const sizes = (await Promise.all(asked)) as { size: number }[];
    return { size: sizes.reduce((sum, { size }) => sum + size, 1) };
  }
}

export const BENCH_AGENTS = [
  NoopAgent,
  SleeperAgent,
  ParkedAgent,
  NapperAgent,
  PatientAgent,
  ChattyAgent,
  WaiterAgent,
  BranchAgent,
];
