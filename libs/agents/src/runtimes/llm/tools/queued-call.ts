import type { ExecutionContext } from '@longhaul/executions';
import { type JsonObject, PermanentError } from '@longhaul/kernel';
import type { Tool } from '@longhaul/tools';
import { readOutput, targetOf, TOOL_KIND } from '../../../tool-executions/tool-request';
import type { ToolAnswer } from './tool-step';
import { wrapped } from './tool-texts';

/**
 * Has the workers of the tool's own queue call it, as an execution below this one, and waits without a worker. One that
 * fails ends this execution as a call made here would; one that somebody cancelled is told to the model.
 */
export async function callInQueue(
  key: string,
  tool: Tool,
  args: JsonObject,
  context: ExecutionContext,
): Promise<ToolAnswer> {
  const { name, effects } = tool.definition;
  const ask = { kind: TOOL_KIND, agent: targetOf(name), input: { agent: context.target, arguments: args }, effects };
  try {
    const output = await context.step.invoke(`${key}:call`, ask);
    const { text, isError, ours = false } = readOutput(output);
    return { text: ours ? text : wrapped(name, text), ...(isError ? { isError } : {}) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof PermanentError)) throw error;
    const { code, details = {} } = error;
    if (details['execution_id'] !== undefined && code !== 'cancelled') throw error;
    return { text: wrapped(name, error.message), isError: true };
  }
}
