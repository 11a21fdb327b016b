import { Injectable } from '@nestjs/common';
import { Database } from '@longhaul/database';
import {
  childOf,
  type Execution,
  type ExecutionContext,
  ExecutionKinds,
  ExecutionsReader,
  ExecutionsService,
} from '@longhaul/executions';
import { isId, isJsonObject, type JsonObject, type JsonValue, PermanentError } from '@longhaul/kernel';
import type { Tool } from '@longhaul/tools';
import { isJob } from './job-news';
import { targetOf, TOOL_KIND, toolOf } from './tool-request';

/** Of one conversation at once; without a conversation, of one execution. */
const MOST_ALIVE = 20;
/** Jobs that were begun because others had ended, one after the other and without a word of the user's: each end begins one. */
const MOST_IN_A_ROW = 10;

/** Whose jobs are meant. Each invoke has a conversation's id of its own, which its retries and forks have from it. */
type JobScope = Pick<ExecutionContext, 'owner' | 'conversationId'>;

/** Calls of tools that go on by themselves: executions of the kind `tool`, detached from the one that starts them. */
@Injectable()
export class Jobs {
  constructor(
    private readonly database: Database,
    private readonly executions: ExecutionsService,
    private readonly reader: ExecutionsReader,
    private readonly kinds: ExecutionKinds,
  ) {}

  /**
   * Answers the job's id once it is accepted. The id comes of the step's, so that asked again after a crash it is the
   * same job. Throws a `PermanentError`, for the model, where there are too many.
   */
  async start(tool: Tool, args: JsonObject, stepId: string, context: ExecutionContext): Promise<string> {
    const id = `exec_${stepId.slice(stepId.indexOf('_') + 1)}`;
    if (await this.reader.find(id, context.owner)) return id;
    const row = 1 + rowOf(context.input);
    if (row > MOST_IN_A_ROW) throw new PermanentError(TOO_MANY_IN_A_ROW);
    // Two of each turn would be a thousand of the tenth.
    if (row > 1 && (await this.hasStarted(context))) throw new PermanentError(ONE_AFTER_ANOTHER);
    if ((await this.countAlive(context)) >= MOST_ALIVE) throw new PermanentError(TOO_MANY);
    const parent = await this.reader.get(context.executionId, context.owner);
    const input = { agent: context.target, arguments: args, row };
    const command = childOf(parent, id, { kind: TOOL_KIND, agent: targetOf(tool.definition.name), input }, this.kinds);
    const { parentId, depth } = command.child ?? { parentId: parent.id, depth: 1 };
    await this.executions.submit({ ...command, child: { id, parentId, depth, detached: true } });
    return id;
  }

  /** Null for what is no job of these, whoever's it is. */
  async find(id: string, scope: JobScope): Promise<Execution | null> {
    if (!isId('exec', id)) return null;
    const found = await this.reader.find(id, scope.owner);
    return found && isJob(found) && found.conversationId === scope.conversationId ? found : null;
  }

  /**
   * The tools whose jobs had come back into the conversation when this execution was asked for: their ends are in what was
   * said, whichever agent had started them. The same in all of its runs.
   */
  async heardBy({ executionId, owner, conversationId, turn }: ExecutionContext): Promise<string[]> {
    if (turn === null || turn < 2) return [];
    const rows = await this.database.read(
      `SELECT DISTINCT job.target AS target FROM messages asked
       JOIN executions job ON job.parent_id = asked.execution_id AND job.parent_id IS NOT NULL
       WHERE asked.owner = $1 AND asked.conversation_id = $2 AND asked.seq < $3 AND asked.role = 'user'
         AND job.detached IS NOT NULL AND job.status IN ('completed', 'failed')
         AND job.completed_at <= (SELECT created_at FROM executions WHERE id = $4)`,
      [owner, conversationId, 2 * turn - 1, executionId],
    );
    return rows.map(({ target }) => toolOf(target as string));
  }

  cancel({ id, owner }: Execution): Promise<Execution> {
    return this.executions.cancel(id, owner);
  }

  private async hasStarted({ executionId }: Pick<ExecutionContext, 'executionId'>): Promise<boolean> {
    const rows = await this.database.read(
      `SELECT 1 AS one FROM executions
       WHERE parent_id = $1 AND parent_id IS NOT NULL AND detached IS NOT NULL LIMIT 1`,
      [executionId],
    );
    return rows.length > 0;
  }

  private async countAlive({ owner, conversationId }: JobScope): Promise<number> {
    const [row] = await this.database.read(
      `SELECT count(*) AS n FROM executions
       WHERE owner = $1 AND conversation_id = $2 AND detached IS NOT NULL AND completed_at IS NULL`,
      [owner, conversationId],
    );
    return Number(row?.n ?? 0);
  }
}

/** How many jobs in a row have led to this execution: what a job's end begins says so in its input. */
function rowOf(input: JsonValue): number {
  const job = isJsonObject(input) ? input['job'] : undefined;
  const row = isJsonObject(job ?? null) ? (job as JsonObject)['row'] : undefined;
  return typeof row === 'number' ? row : 0;
}

const TOO_MANY = `${MOST_ALIVE} jobs are under way here, which is the most: wait until one has ended, or cancel one`;
const ONE_AFTER_ANOTHER =
  'the end of a job has begun this turn, and it has started one more, which is the most: ' +
  'say what has come of the jobs, and let the user say how to go on';
const TOO_MANY_IN_A_ROW =
  `${MOST_IN_A_ROW} jobs have been started one after the other without a word of the user's, which is the most: ` +
  'say what has come of them, and let the user say how to go on';
