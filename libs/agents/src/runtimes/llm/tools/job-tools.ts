import type { ExecutionContext } from '@longhaul/executions';
import { isJsonObject, type JsonObject, PermanentError, unknownName } from '@longhaul/kernel';
import type { Tool } from '@longhaul/tools';
import { jobNews } from '../../../tool-executions/job-news';
import { toolOf } from '../../../tool-executions/tool-request';
import type { OwnTool } from './own-tool';
import { tagsNow, type ToolSources } from './tool-sources';
import type { ToolAnswer } from './tool-step';

type Jobs = ToolSources['jobs'];

/** Those of an agent that has a tool with `background: true`. */
export const JOB_TOOL_NAMES: readonly string[] = ['start_job', 'check_job', 'cancel_job', 'wait_job'];

const JOB: JsonObject = {
  type: 'object',
  properties: { job_id: { type: 'string', description: 'As start_job has answered it' } },
  required: ['job_id'],
  additionalProperties: false,
};
const NOBODY_ASKED = { tags: [], requiresApproval: false, isHarmless: true } as const;

/**
 * For an agent that has tools with `background: true`: to start one without waiting for it, to look after it, to call it
 * off. In a conversation its end comes back by itself; without one, and in a fork, it can be waited for.
 */
export function jobTools(background: readonly Tool[], from: ToolSources, context: ExecutionContext): OwnTool[] {
  if (background.length === 0) return [];
  const { jobs } = from;
  const isFork = context.overrides !== undefined;
  const inConversation = context.turn !== null && !isFork;
  const about = (job: Awaited<ReturnType<Jobs['find']>>, id: unknown): ToolAnswer =>
    job ? { ...jobNews(job), tags: tagsNow(toolOf(job.target), from) } : { text: unknownJob(id), isError: true };
  const find = ({ job_id: id }: JsonObject) => jobs.find(typeof id === 'string' ? id : '', context);

  const start: OwnTool = {
    name: 'start_job',
    description:
      'Start one of these tools in the background, without waiting for it: the answer is its job_id. ' +
      (inConversation
        ? 'When it is over, you are told so in this conversation by a message of its own: tell the user that it is started, and do not wait or ask for it. '
        : 'Ask for it with check_job, or wait for it with wait_job. ') +
      `The tools: ${background.map(({ definition }) => definition.name).join(', ')}; its arguments are those that it has when you call it yourself.`,
    parameters: {
      type: 'object',
      properties: {
        tool: { type: 'string', enum: background.map(({ definition }) => definition.name) },
        arguments: { type: 'object' },
      },
      required: ['tool', 'arguments'],
      additionalProperties: false,
    },
    tags: [],
    requiresApproval: false,
    starts: ({ tool: name, arguments: args }) => {
      const tool = background.find(({ definition }) => definition.name === name);
      return tool && isJsonObject(args) ? { tool, args } : undefined;
    },
  };
  const check: OwnTool = {
    ...NOBODY_ASKED,
    name: 'check_job',
    description: 'Where a job is that you have started, or what has come of it.',
    parameters: JOB,
    act: async (args) => about(await find(args), args['job_id']),
  };
  const cancel: OwnTool = {
    ...NOBODY_ASKED,
    name: 'cancel_job',
    description: 'Call off a job that you have started. What it has done by then stays done.',
    parameters: JOB,
    act: async (args) => {
      const job = await find(args);
      // What a fork has taken over is still wanted by the execution that it is a fork of.
      if (!job || (isFork && job.parentId !== context.executionId)) return about(null, args['job_id']);
      const { status } = await jobs.cancel(job);
      return status === 'running' ? { text: `The job ${job.id} was told to stop.` } : about(await find(args), job.id);
    },
  };
  const wait: OwnTool = {
    ...NOBODY_ASKED,
    name: 'wait_job',
    description: 'Wait until a job that you have started is over, and learn what has come of it.',
    parameters: JOB,
    ask: async (key, args) => {
      const job = await find(args);
      if (!job) return about(null, args['job_id']);
      try {
        await context.step.waitForEnd(`${key}:end`, { executionId: job.id, target: job.target });
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof PermanentError)) throw error;
      }
      return about(await find(args), job.id);
    },
  };
  return [start, check, cancel, ...(inConversation ? [] : [wait])];
}

/** In whose step it is started; the step's id makes the job's. */
export async function startJob(
  { tool, args }: { tool: Tool; args: JsonObject },
  stepId: string,
  jobs: Jobs,
  context: ExecutionContext,
): Promise<ToolAnswer> {
  try {
    const id = await jobs.start(tool, args, stepId, context);
    return { text: JSON.stringify({ job_id: id, tool: tool.definition.name, status: 'started' }) };
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { text: error.message, isError: true };
  }
}

function unknownJob(id: unknown): string {
  return `${unknownName('job', String(id).slice(0, 60), [])}: you know those that start_job has answered here`;
}
