import { inspect } from 'node:util';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Execution } from '../entities/execution.entity';
import type { ExecutionChange, ExecutionListener } from './execution-change';
import { toExecutionRecord } from './execution-record';

interface Entry {
  listener: ExecutionListener;
  concerns: (execution: Readonly<Execution>) => boolean;
}

/** How long a shutdown waits for listeners that are still at work. */
const LIMIT_MS = 5_000;

/**
 * Tells listeners of this process what became of an execution, after the commit that made it so. Best effort: only
 * what this process did itself is told here, once, and a process that dies in between tells nobody. What must not be
 * missed belongs into the event log's readers or a `TransitionParticipant`. A listener can do no harm: it is called
 * later and with a record of its own, its error is logged, nobody waits for it but the shutdown.
 */
@Injectable()
export class ExecutionHooks implements BeforeApplicationShutdown {
  private readonly logger = new Logger('ExecutionHooks');
  private readonly listeners = new Map<ExecutionChange, Set<Entry>>();
  private readonly atWork = new Set<Promise<void>>();

  /** Answers how to stop listening. What does not concern the listener costs no copy: `concerns` must be quick. */
  on(change: ExecutionChange, listener: ExecutionListener, concerns: Entry['concerns'] = () => true): () => void {
    const set = this.listeners.get(change) ?? new Set();
    const entry = { listener, concerns };
    this.listeners.set(change, set.add(entry));
    return () => void set.delete(entry);
  }

  emit(change: ExecutionChange, execution: Execution): void {
    const set = this.listeners.get(change);
    if (!set?.size) return;
    // The run that begins, and the answer to a request, hold the same objects: what a listener changes is its own.
    for (const { listener, concerns } of set)
      if (concerns(execution)) this.call(listener, change, toExecutionRecord(structuredClone(execution)));
  }

  /** What a run's end, or a sweep, made of an execution: its status says which change that was. */
  emitOutcome(execution: Execution): void {
    const { status } = execution;
    if (status === 'running') return;
    this.emit(status === 'queued' ? 'retrying' : status, execution);
  }

  /** After the drain, which may end executions, and before the connections close that a listener may need. */
  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LIMIT_MS)));
    await Promise.race([Promise.all(this.atWork), limit]);
    clearTimeout(timer);
  }

  private call(listener: ExecutionListener, change: ExecutionChange, record: Parameters<ExecutionListener>[0]): void {
    const { id } = record;
    const work = Promise.resolve()
      .then(() => listener(record, change))
      .then(
        () => undefined,
        (error: unknown) =>
          this.logger.error(
            // Code without types may throw what cannot be made a string.
            `a listener of "${change}" failed for ${id}: ${error instanceof Error ? String(error) : inspect(error)}`,
            error instanceof Error ? error.stack : undefined,
          ),
      );
    this.atWork.add(work);
    void work.finally(() => this.atWork.delete(work));
  }
}
