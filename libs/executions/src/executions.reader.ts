import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DATA_SOURCE, Database } from '@longhaul/database';
import { type JsonValue, LonghaulError } from '@longhaul/kernel';
import { Brackets, Repository } from 'typeorm';
import { ExecutionEvent } from './entities/execution-event.entity';
import { Execution } from './entities/execution.entity';
import { Run } from './entities/run.entity';
import { Step } from './entities/step.entity';
import type { ExecutionStatus } from './lifecycle/status';
import { addResults, fitting, MAX_RESULTS } from './steps-with-results';

export interface ExecutionFilter {
  target?: string;
  status?: ExecutionStatus[];
  conversationId?: string;
  correlationId?: string;
  tag?: string;
  createdAfter?: number;
  createdBefore?: number;
  /** Text in the id, the target or the input, whatever its case. */
  q?: string;
}

/** Where a step stands among all of its execution. */
export type StepPlace = Pick<Step, 'seq' | 'id'>;

interface StepsPage {
  steps: Step[];
  more: boolean;
}

/** Reads, each on behalf of one owner: what is somebody else's is not there. */
@Injectable()
export class ExecutionsReader {
  constructor(
    private readonly database: Database,
    @InjectRepository(Execution, DATA_SOURCE) private readonly executions: Repository<Execution>,
    @InjectRepository(ExecutionEvent, DATA_SOURCE) private readonly events: Repository<ExecutionEvent>,
    @InjectRepository(Run, DATA_SOURCE) private readonly runs: Repository<Run>,
    @InjectRepository(Step, DATA_SOURCE) private readonly steps: Repository<Step>,
  ) {}

  find(id: string, owner: string): Promise<Execution | null> {
    return this.executions.createQueryBuilder('e').where('e.id = :id AND e.owner = :owner', { id, owner }).getOne();
  }

  /** How many of the owner's executions are not over, counted no further than `limit`. */
  async countLive(owner: string, limit: number): Promise<number> {
    const [row] = await this.database.read(
      `SELECT count(*) AS n
       FROM (SELECT 1 FROM executions WHERE owner = $1 AND completed_at IS NULL LIMIT $2) AS live`,
      [owner, limit],
    );
    return Number(row?.n ?? 0);
  }

  /** Whether an Idempotency-Key of the owner stands for an execution. */
  async isKeyTaken(owner: string, { route, key }: { route: string; key: string }): Promise<boolean> {
    const [row] = await this.database.read(
      `SELECT 1 FROM idempotency_keys
       WHERE owner = $1 AND route = $2 AND key = $3 AND expires_at >= ${this.database.dialect.now}`,
      [owner, route, key],
    );
    return row !== undefined;
  }

  /** Throws `not_found`. */
  async get(id: string, owner: string): Promise<Execution> {
    const execution = await this.find(id, owner);
    if (!execution) throw executionNotFound(id);
    return execution;
  }

  /** Those of these that the owner has, in no order. */
  findMany(ids: string[], owner: string): Promise<Execution[]> {
    const query = this.executions.createQueryBuilder('e');
    return query.where('e.id IN (:...ids) AND e.owner = :owner', { ids, owner }).getMany();
  }

  /** It and what is below it, level by level, at most `limit` of them. Throws `not_found`. */
  async tree(id: string, owner: string, limit: number): Promise<{ executions: Execution[]; truncated: boolean }> {
    const executions = [await this.get(id, owner)];
    for (let level = executions; level.length > 0 && executions.length <= limit; executions.push(...level)) {
      const parents = level.map((execution) => execution.id);
      level = await this.executions
        .createQueryBuilder('e')
        .where('e.parent_id IN (:...parents) AND e.owner = :owner', { parents, owner })
        .orderBy('e.id')
        .limit(limit + 1 - executions.length)
        .getMany();
    }
    return { executions: executions.slice(0, limit), truncated: executions.length > limit };
  }

  /** Newest first; `before` is the id of the last one seen. */
  list(owner: string, filter: ExecutionFilter, limit: number, before?: string): Promise<Execution[]> {
    const { contains } = this.database.dialect;
    const query = this.executions.createQueryBuilder('e').where('e.owner = :owner', { owner });
    if (before !== undefined) query.andWhere('e.id < :before', { before });
    if (filter.target !== undefined) query.andWhere('e.target = :target', { target: filter.target });
    if (filter.status?.length) query.andWhere('e.status IN (:...status)', { status: filter.status });
    if (filter.conversationId !== undefined)
      query.andWhere('e.conversation_id = :conversation', { conversation: filter.conversationId });
    if (filter.correlationId !== undefined)
      query.andWhere('e.correlation_id = :correlation', { correlation: filter.correlationId });
    if (filter.createdAfter !== undefined) query.andWhere('e.created_at > :after', { after: filter.createdAfter });
    if (filter.createdBefore !== undefined)
      query.andWhere('e.created_at < :createdBefore', { createdBefore: filter.createdBefore });
    if (filter.tag !== undefined) query.andWhere(contains('e.tags', ':tag'), { tag: JSON.stringify(filter.tag) });
    if (filter.q !== undefined) {
      const part = { q: filter.q.toLowerCase() };
      query.andWhere(
        new Brackets((any) =>
          ['e.id', 'e.target', 'CAST(e.input AS text)'].forEach((text) =>
            any.orWhere(contains(`lower(${text})`, ':q'), part),
          ),
        ),
      );
    }
    return query.orderBy('e.id', 'DESC').limit(limit).getMany();
  }

  /** Stored events with a `seq` greater than `after`, in order. */
  eventsAfter({ id }: Pick<Execution, 'id'>, after: number, limit: number): Promise<ExecutionEvent[]> {
    return this.events
      .createQueryBuilder('e')
      .where('e.execution_id = :id AND e.seq > :after', { id, after })
      .orderBy('e.seq')
      .limit(limit)
      .getMany();
  }

  /** The whole journal without its results, in the order in which the steps were first begun. */
  stepsOf({ id }: Execution): Promise<Step[]> {
    return this.steps
      .createQueryBuilder('s')
      .where('s.execution_id = :id', { id })
      .orderBy('s.seq')
      .addOrderBy('s.id')
      .getMany();
  }

  /** Of the journal what was begun after that step. `more`: there are steps behind the last one. */
  async stepsAfter({ id }: Execution, after: StepPlace | null, limit: number): Promise<StepsPage> {
    const query = this.steps.createQueryBuilder('s').where('s.execution_id = :id', { id });
    if (after) query.andWhere('(s.seq, s.id) > (:seq, :step)', { seq: after.seq, step: after.id });
    const found = await query
      .orderBy('s.seq')
      .addOrderBy('s.id')
      .limit(limit + 1)
      .getMany();
    return { steps: found.slice(0, limit), more: found.length > limit };
  }

  /** The same with results; fewer than `limit` where those are large, but one at least. */
  async resultsAfter(execution: Execution, after: StepPlace | null, limit: number): Promise<StepsPage> {
    const { steps, more } = await this.stepsAfter(execution, after, Math.min(limit, MAX_RESULTS));
    const few = fitting(steps);
    await addResults(this.database, execution.id, few);
    return { steps: few, more: more || few.length < steps.length };
  }

  /** Of these steps that are completed, what each has recorded. */
  async resultsOf({ id }: Pick<Execution, 'id'>, keys: string[]): Promise<Map<string, JsonValue>> {
    if (keys.length === 0) return new Map();
    const steps = await this.steps
      .createQueryBuilder('s')
      .where(`s.execution_id = :id AND s.status = 'completed' AND s.key IN (:...keys)`, { id, keys })
      .getMany();
    await addResults(this.database, id, steps);
    return new Map(steps.map(({ key, result }) => [key, result ?? null]));
  }

  /**
   * The steps in which a person was asked, those that were taken over as well. Where what they were taken over from is
   * deleted, in doubt also others.
   */
  async approvalKeys({ id }: Pick<Execution, 'id'>): Promise<ReadonlySet<string>> {
    const rows = await this.database.read(
      `SELECT s.key FROM steps s LEFT JOIN runs r ON r.id = s.run_id
       WHERE s.execution_id = $1 AND
         (EXISTS (SELECT 1 FROM waits w
                  WHERE w.execution_id = r.execution_id AND w.step_key = s.key AND w.kind = 'approval')
          OR r.id IS NULL AND ${this.database.dialect.contains('s.result', `'"approved"'`)})`,
      [id],
    );
    return new Set(rows.map((row) => row.key as string));
  }

  /** The attempts, first one first. Throws `not_found`. */
  async runsOf(id: string, owner: string): Promise<Run[]> {
    await this.get(id, owner);
    return this.runs.createQueryBuilder('r').where('r.execution_id = :id', { id }).orderBy('r.epoch').getMany();
  }
}

export function executionNotFound(id: string): LonghaulError {
  return new LonghaulError('not_found', `no execution "${id.slice(0, 64)}"; ids come from the answer to a submission`);
}
