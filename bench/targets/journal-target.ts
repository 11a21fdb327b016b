import type { PersistenceOptions } from '@longhaul/database';
import { type StepEffects, TransitionParticipants } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import { LonghaulError, newId } from '@longhaul/kernel';
import { NO_METRICS } from '@longhaul/telemetry';
import { claimAll } from '../../libs/executions/src/statements/claim';
import { endRuns } from '../../libs/executions/src/statements/end-run';
import type { Fence } from '../../libs/executions/src/statements/fence';
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
/** Steps that are recorded in one go. */
const TOGETHER = 250;
const notRecorded = (): never => {
  throw new Error('a step that was recorded is run again');
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
    this.ready = (await this.claim(await this.submit(count))).map(({ journal }) => journal);
  }

  /** An execution with so many recorded steps, which waits for its next run. */
  async record(steps: number, result: object): Promise<string> {
    const [id = ''] = await this.submit(1);
    const { journal, fence } = await this.claimOne(id);
    for (let step = 0; step < steps; step += TOGETHER) {
      const some = Array.from({ length: Math.min(TOGETHER, steps - step) }, (_, n) => `step:${step + n}`);
      await Promise.all(some.map((key) => journal.run(key, () => result)));
    }
    await this.putBack(fence);
    return id;
  }

  /** Milliseconds from before the claim until a run, which does nothing else, is past the last recorded step. */
  async resume(id: string, steps: number): Promise<number> {
    const startedAt = performance.now();
    const { journal, fence } = await this.claimOne(id);
    for (let step = 0; step < steps; step += 1) await journal.run(`step:${step}`, notRecorded);
    const ms = performance.now() - startedAt;
    await this.putBack(fence);
    return ms;
  }

  /** The least that a resume can be: one statement for all results, and each of them parsed. */
  async readAll(id: string): Promise<number> {
    const startedAt = performance.now();
    const rows = await this.opened.database.read('SELECT key, result FROM steps WHERE execution_id = $1', [id]);
    for (const { result } of rows) JSON.parse(result as string);
    return performance.now() - startedAt;
  }

  private async submit(count: number): Promise<string[]> {
    const commands = Array.from({ length: count }, () => submitCommand());
    const outcomes = await submitAll(this.opened.database, commands, 60_000);
    return outcomes.map((outcome) => {
      if (outcome instanceof LonghaulError) throw outcome;
      return outcome.execution.id;
    });
  }

  private async claim(ids: string[]): Promise<{ journal: StepJournal; fence: Fence }[]> {
    const requests = ids.map((executionId) => ({ executionId, workerId: this.workerId, solo: true }));
    return (await claimAll(this.opened.database, requests)).map((claim) => {
      if (claim.kind !== 'claimed') throw new Error(`an execution of the benchmark is ${claim.kind}`);
      const { id: executionId, runId, epoch, attempt } = claim.execution;
      const fence = { executionId, runId, workerId: this.workerId, epoch };
      const { signal } = new AbortController();
      const events = new RunEventWriter(fence, this.writes, new UsageMeter(null), () => undefined);
      const read = () => this.writes.stepsOf(executionId);
      return { fence, journal: new StepJournal({ executionId, epoch, attempt, signal, events, read, ...ALONE }) };
    });
  }

  private async claimOne(id: string): Promise<{ journal: StepJournal; fence: Fence }> {
    const [claimed] = await this.claim([id]);
    if (!claimed) throw new Error(`${id} of the benchmark could not be claimed`);
    return claimed;
  }

  private async putBack(fence: Fence): Promise<void> {
    await endRuns(this.opened.database, [{ fence, ending: { kind: 'released' } }]);
  }

  async close(): Promise<void> {
    await this.opened.database.close();
    await this.opened.dataSource.destroy();
  }
}
