import { Injectable } from '@nestjs/common';
import type { Dialect, Write } from '@longhaul/database';
import {
  type Execution,
  type SubmitCommand,
  submitWithin,
  toExecution,
  type TransitionChange,
  TransitionParticipant,
  TransitionParticipants,
} from '@longhaul/executions';
import { AgentRegistry } from '../agent-registry';
import { isJob, jobNews } from './job-news';
import { readRequest } from './tool-request';

const WEEK_MS = 604_800_000;

/**
 * Puts the end of a job back into its conversation: as a new turn, for the agent that has started it, in the transaction
 * that ends the job. So there is one turn for each end, whatever dies when. What was cancelled is not put back: whoever
 * cancels knows.
 */
@Injectable()
export class JobCompletions extends TransitionParticipant {
  constructor(
    private readonly agents: AgentRegistry,
    private readonly participants: TransitionParticipants,
  ) {
    super();
  }

  *write(dialect: Dialect, changes: readonly TransitionChange[]): Write<void> {
    const ended = changes
      .map(({ execution }) => execution)
      .filter((execution) => isJob(execution) && ['completed', 'failed'].includes(execution.status))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    if (ended.length === 0) return;
    const starters = yield* turnsThatStarted(dialect, ended);
    const commands = ended.flatMap((job) => {
      const starter = starters.get(job.parentId ?? '');
      return starter ? [this.turnFor(job, starter)] : [];
    });
    if (commands.length > 0) yield* submitWithin(dialect, commands, this.participants);
  }

  /** Asked as the turn that has started the job was: who is told of its end, and how often it is tried, is the same. */
  private turnFor(job: Execution, starter: Execution): SubmitCommand {
    const agent = this.agents.find(starter.target);
    const { text } = jobNews(job);
    const message = `${text}\n\nYou have started this job in this conversation. Tell the user what has come of it.`;
    return {
      kind: starter.kind,
      target: starter.target,
      owner: starter.owner,
      queue: agent?.queue ?? starter.queue,
      priority: starter.priority,
      input: { message, job: { job_id: job.id, row: readRequest(job.input).row ?? 1 } },
      metadata: { ...starter.metadata, job_id: job.id },
      tags: starter.tags,
      maxAttempts: starter.maxAttempts,
      delayMs: 0,
      timeoutMs: starter.timeoutMs,
      deadlineMs: agent ? Math.round(agent.limits.deadlineS * 1000) : WEEK_MS,
      conversationId: starter.conversationId,
      isTurn: true,
      correlationId: starter.correlationId,
      rungBySweep: true,
      ...(starter.traceparent === null ? {} : { traceparent: starter.traceparent }),
      ...(starter.notify === null ? {} : { notify: starter.notify }),
    };
  }
}

/** By their ids; without those whose conversation was deleted. */
function* turnsThatStarted(dialect: Dialect, jobs: readonly Execution[]): Write<Map<string, Execution>> {
  const ids = [...new Set(jobs.flatMap(({ parentId }) => parentId ?? []))];
  const rows = yield {
    sql: `SELECT e.* FROM ${dialect.recordset('x', { id: 'text' }, '$1')}
          JOIN executions e ON e.id = x.id
          JOIN conversations c ON c.owner = e.owner AND c.id = e.conversation_id
          WHERE e.turn IS NOT NULL`,
    params: [JSON.stringify(ids.map((id) => ({ id })))],
  };
  return new Map(rows.map((row) => [row.id as string, toExecution(row)]));
}
