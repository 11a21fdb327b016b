import type { Database, Statement } from '@longhaul/database';
import { type JsonObject, toJsonText } from '@longhaul/kernel';
import type { Progress, Usage } from '../entities/execution.entity';
import type { UsageTotals } from '../worker/usage-meter';
import type { ExecutionEventType } from '../events/event-types';
import { insertEvents } from './event-rows';
import { byId, type Fence, fenceKey, fenceRow, underFence } from './fence';
import { storeValue } from './step-values';
import { type StepChange, storeSteps } from './steps';
import { consumeWaits, insertWaits } from './waits';

export interface AppendRequest {
  fence: Fence;
  type: ExecutionEventType;
  data: JsonObject;
  /** Also shown in the record. */
  progress?: Progress;
  /** What has been spent so far, this included: shown in the record and in the run. */
  usage?: UsageTotals;
  /** How a step stands from now on: stored exactly when the event is. */
  step?: StepChange;
}

/**
 * Row 4 of the state machine: several events, of one or several runs of this process, in one transaction and in the
 * order given. Answers for each whether it was stored; false = the fence held, the lease is lost.
 */
export async function appendEvents(database: Database, requests: AppendRequest[]): Promise<boolean[]> {
  const { dialect } = database;
  const byFence = sumsOf(requests);
  const rows = [...byFence.values()].map(({ fence, count, progress, usage, recorded }) => ({
    ...fenceRow(fence),
    count,
    progress,
    usage: usage?.execution ?? null,
    recorded,
  }));
  const x = dialect.recordset(
    'x',
    {
      id: 'text',
      worker_id: 'text',
      epoch: 'bigint',
      count: 'bigint',
      progress: 'json',
      usage: 'json',
      recorded: 'boolean',
    },
    '$1',
  );
  return database.write(function* () {
    const updated = yield {
      sql: `UPDATE executions
            SET next_seq = next_seq + x.count, progress = coalesce(x.progress, executions.progress),
                usage = coalesce(x.usage, executions.usage),
                interruptions = CASE WHEN x.recorded THEN 0 ELSE interruptions END
            FROM ${x}
            WHERE ${underFence()}
            RETURNING executions.id AS id, executions.epoch AS epoch, executions.next_seq AS next_seq`,
      params: [toJsonText(byId(rows))],
    };
    const nextSeq = new Map(
      updated.map((row) => {
        const key = fenceKey({ executionId: row.id as string, epoch: Number(row.epoch) });
        return [key, Number(row.next_seq) - (byFence.get(key)?.count ?? 0)];
      }),
    );
    const events = requests.flatMap(({ fence, type, data, step }) => {
      const seq = nextSeq.get(fenceKey(fence));
      if (seq === undefined) return [];
      nextSeq.set(fenceKey(fence), seq + 1);
      return [{ executionId: fence.executionId, seq, type, runId: fence.runId, data, fence, step }];
    });
    if (events.length > 0) yield insertEvents(dialect, events);
    const steps = events.flatMap(({ fence, seq, step }) => (step ? [{ fence, seq, step }] : []));
    if (steps.length > 0) yield storeSteps(dialect, steps);
    for (const { fence, step } of steps) {
      if (step.value !== undefined) yield storeValue(fence.executionId, step.key, step.value);
    }
    const begun = steps.flatMap(({ fence, step: { key, wait } }) =>
      wait && wait !== 'over' ? [{ fence, key, wait }] : [],
    );
    if (begun.length > 0) yield insertWaits(dialect, begun);
    const over = steps.filter(({ step }) => step.wait === 'over');
    if (over.length > 0) {
      yield consumeWaits(
        dialect,
        over.map(({ fence: { executionId }, step: { key } }) => ({ executionId, key })),
      );
    }
    const spent = [...byFence.values()].flatMap(({ fence, usage }) =>
      usage && nextSeq.has(fenceKey(fence)) ? [{ id: fence.runId, usage: usage.run }] : [],
    );
    if (spent.length > 0) yield storeUsage(database, spent);
    return requests.map(({ fence }) => nextSeq.has(fenceKey(fence)));
  });
}

interface Sum {
  fence: Fence;
  count: number;
  progress: Progress | null;
  usage: UsageTotals | null;
  /** A result of a step is among them: whatever lost the leases before, it goes forward. */
  recorded: boolean;
}

/** What each run's events together change in its execution. */
function sumsOf(requests: AppendRequest[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const { fence, progress, usage, step } of requests) {
    const before = sums.get(fenceKey(fence));
    sums.set(fenceKey(fence), {
      fence,
      count: (before?.count ?? 0) + 1,
      progress: progress ?? before?.progress ?? null,
      usage: usage ?? before?.usage ?? null,
      recorded: step?.status === 'completed' || (before?.recorded ?? false),
    });
  }
  return sums;
}

function storeUsage({ dialect }: Database, spent: { id: string; usage: Usage }[]): Statement {
  return {
    silent: true,
    sql: `UPDATE runs SET usage = x.usage FROM ${dialect.recordset('x', { id: 'text', usage: 'json' }, '$1')}
          WHERE runs.id = x.id`,
    params: [JSON.stringify(byId(spent))],
  };
}
