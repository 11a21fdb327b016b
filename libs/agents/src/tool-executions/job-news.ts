import { type Execution, isTerminal } from '@longhaul/executions';
import type { ToolAnswer } from '../runtimes/llm/tools/tool-step';
import { answerText, wrapped } from '../runtimes/llm/tools/tool-texts';
import { readOutput, TOOL_KIND, toolOf } from './tool-request';

/** An error's message may quote what a stranger has sent. */
const MAX_ERROR_CHARS = 4_000;

export function isJob({ kind, detached }: Pick<Execution, 'kind' | 'detached'>): boolean {
  return kind === TOOL_KIND && detached === true;
}

/** What a model is told of a job: where it is, or what has come of it; all that others have said is wrapped. */
export function jobNews(job: Execution): ToolAnswer {
  const { id, status, error, output } = job;
  const tool = toolOf(job.target);
  const what = `The job ${id} (tool ${tool})`;
  if (!isTerminal(status)) return { text: `${what} is not over yet: it is ${status}.` };
  if (status === 'cancelled') return { text: `${what} was cancelled.`, isError: true };
  if (status === 'failed') {
    const { text } = answerText(error?.message ?? 'nobody knows why', MAX_ERROR_CHARS);
    return { text: `${what} has failed.\n${wrapped(tool, text)}`, isError: true };
  }
  const { text, isError, ours = false } = readOutput(output);
  const said = ours ? text : wrapped(tool, text);
  return {
    text: `${what} ${isError ? 'has ended with an error' : 'has completed'}.\n${said}`,
    ...(isError ? { isError } : {}),
  };
}
