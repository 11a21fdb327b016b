import { Injectable } from '@nestjs/common';
import { type ExecutionContext, ExecutionHandler, type ExecutionResult } from '@longhaul/executions';
import { RetryableError } from '@longhaul/kernel';
import { ToolCalls, ToolRegistry } from '@longhaul/tools';
import { callTool, untilCalled } from '../runtimes/llm/tools/call-tool';
import { readRequest, TOOL_KIND, toolOf, toOutput } from './tool-request';

/**
 * Runs one call of a tool as an execution: as one step with the tool's effects, within its limits. What a model is told
 * of an error is an output too; what ends an attempt is tried again here, and not by whoever asked.
 */
@Injectable()
export class ToolExecutionHandler extends ExecutionHandler {
  readonly kind = TOOL_KIND;

  constructor(
    private readonly tools: ToolRegistry,
    private readonly calls: ToolCalls,
  ) {
    super();
  }

  /** Throws `tool_unavailable`, retryable, when this worker cannot call the tool: another one may. */
  async run(context: ExecutionContext): Promise<ExecutionResult> {
    const name = toolOf(context.target);
    const tool = this.tools.find(name);
    if (!tool || tool.definition.unavailableReason !== undefined) {
      const reason =
        tool?.definition.unavailableReason ?? 'this worker knows no such tool, give it the same workspace and code';
      throw new RetryableError(`tool "${name}" cannot be called: ${reason}`, { code: 'tool_unavailable' });
    }
    const { agent, arguments: args } = readRequest(context.input);
    const options = { effects: tool.definition.effects, facts: { kind: 'tool', tool: name } };
    const called = await untilCalled('call', context, (key, before) =>
      context.step.run(key, (step) => callTool(tool, args, step, { ...context, agent }, this.calls, before), options),
    );
    return { output: toOutput(called) };
  }
}
