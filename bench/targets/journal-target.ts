import type { PersistenceOptions } from '@longhaul/database';
import { type StepEffects, TransitionParticipants } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { NO_METRICS } from '@longhaul/telemetry';
import { claimAll } from '../../libs/executions/src/statements/claim';
import { registerWorker } from '../../libs/executions/src/statements/leases';
import { submitAll } from '../../libs/executions/src/statements/submit';
import { ExecutionWrites } from '../../libs/executions/src/worker/execution-writes';
import { RunEventWriter } from '../../libs/executions/src/worker/run-event-writer';
import { StepJournal } from '../../libs/executions/src/worker/steps/step-journal';
import { UsageMeter } from '../../libs/executions/src/worker/usage-meter';
import { MemoryHintBus } from '../../libs/queue/src/providers/memory';
import { openTestDatabase, type TestDatabase } from '../../test/support/databases';

const nobody = (): never => {
  throw new Error('nothing waits in this benchmark');
};
const ALONE = { park: nobody, childCommand: nobody, submit: nobody };

/** The step journal of running executions, as an agent's `context.step` is: fenced, with its events. */
export class JournalTarget {
  private readonly writes: ExecutionWrites;
  private ready: StepJournal[] = [];

  private constructor(
    private readonly opened: TestDatabase,
    private readonly workerId: string,
  ) {
    this.writes = new ExecutionWrites(opened.database, new MemoryHintBus(), new TransitionParticipants(), NO_METRICS);
  }

  static async open(options: PersistenceOptions): Promise<JournalTarget> {
    const opened = await openTestDatabase(options);
    const id = newId('wrk');
    await registerWorker(opened.database, { id, host: 'bench', pid: 1, version: '0', queues: {} });
    return new JournalTarget(opened, id);
  }

  /** The functions of the steps do nothing but return the result. */
  async run(executions: number, steps: number, result: object, effects: StepEffects): Promise<void> {
    const journals = this.ready.slice(0, executions);
    await Promise.all(
      journals.map(async (journal) => {
        for (let step = 0; step < steps; step += 1) await journal.run(`step:${step}`, () => result, { effects });
      }),
    );
  }

  /** Claims so many executions, so that the clock of `run` runs for their steps alone. */
  async prepare(count: number): Promise<void> {
    const commands = Array.from({ length: count }, () => submitCommand());
    const outcomes = await submitAll(this.opened.database, commands, 60_000);
    const requests = outcomes.map((outcome) => {
      if (outcome instanceof LonghaulError) throw outcome;
      return { executionId: outcome.execution.id, workerId: this.workerId, solo: true };
    });
    this.ready = [];
    for (const claim of await claimAll(this.opened.database, requests)) {
      if (claim.kind !== 'claimed') throw new Error(`an execution of the benchmark is ${claim.kind}`);
      const { id: executionId, runId, epoch, attempt } = claim.execution;
      const fence = { executionId, runId, workerId: this.workerId, epoch };
      const { signal } = new AbortController();
      const events = new RunEventWriter(fence, this.writes, new UsageMeter(null), () => undefined);
      const read = () => this.writes.stepsOf(executionId);
      this.ready.push(new StepJournal({ executionId, epoch, attempt, signal, events, read, ...ALONE }));
    }
  }

  async close(): Promise<void> {
    await this.opened.database.close();
    await this.opened.dataSource.destroy();
  }
}
