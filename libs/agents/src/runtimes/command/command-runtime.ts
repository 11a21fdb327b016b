import { Inject, Injectable } from '@nestjs/common';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import { newId, PermanentError, toFailure } from '@longhaul/kernel';
import {
  CommandProcess,
  failureOf,
  INPUT_SCOPE,
  outputOf,
  planCommand,
  readOutput,
  Tail,
  templateValues,
} from '@longhaul/tools';
import { AGENTS_OPTIONS, type AgentsModuleOptions } from '../../agents-options';
import type { AgentDefinition } from '../../definition/agent-definition';
import { AgentRuntime } from '../agent-runtime';
import { OutputLog, type OutputChannel } from './output-log';
import { ProgressReader } from './progress-reader';

const KB = 1024;

/**
 * Starts the command of an AGENT.md and passes on what it prints. The output is `{ exit_code, stdout_tail,
 * stderr_tail }`; another exit code than 0 is the failure `command_failed` with the same as its details.
 */
@Injectable()
export class CommandRuntime extends AgentRuntime {
  readonly name = 'command';

  constructor(@Inject(AGENTS_OPTIONS) private readonly options: AgentsModuleOptions) {
    super();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const { command } = agent.frontMatter;
    if (!command) throw new PermanentError(`agent "${agent.id}" has no command.argv`, { code: 'agent_unavailable' });
    const plan = await planCommand({
      command,
      values: templateValues(INPUT_SCOPE, context.input, agent.inputSchema),
      file: agent.file,
      unavailable: 'agent_unavailable',
      workspace: this.options.workspace,
      variable: this.options.variable ?? (() => undefined),
      own: {
        LONGHAUL_EXECUTION_ID: context.executionId,
        LONGHAUL_RUN_ID: context.runId,
        LONGHAUL_ATTEMPT: String(context.attempt),
      },
    });
    const { signal, events } = context;
    const stepId = newId('step');
    const [name = ''] = command.argv;
    await events.append('step.started', { step_id: stepId, kind: 'command', name });
    signal.throwIfAborted();
    const child = await CommandProcess.start(plan);
    const stop = () => child.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      const output = await this.follow(agent, context, child, stepId);
      await events.append('step.completed', { step_id: stepId, exit_code: 0 });
      return { output };
    } catch (error) {
      const failure = signal.aborted ? { code: 'stopped', message: String(signal.reason) } : toFailure(error);
      // When it cannot be stored, the reason why the run ends is told by the error.
      await events
        .append('step.failed', { step_id: stepId, error: { code: failure.code, message: failure.message } })
        .catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Everything from the command's first output to its end. */
  private async follow(agent: AgentDefinition, context: ExecutionContext, child: CommandProcess, stepId: string) {
    const command = agent.frontMatter.command;
    const log = new OutputLog({
      stepId,
      limit: (command?.max_output_kb ?? 1_024) * KB,
      append: (data) => context.events.append('output.delta', data),
      onFailure: () => child.stop(),
    });
    const tailLimit = (command?.tail_kb ?? 16) * KB;
    const tails = { stdout: new Tail(tailLimit), stderr: new Tail(tailLimit) };
    const follow = async (channel: OutputChannel): Promise<void> => {
      const progress = command?.progress_pattern ? new ProgressReader(command.progress_pattern) : undefined;
      const report = (found = progress?.end()) => found && context.progress(found.percent, found.message);
      await readOutput(child[channel], child.exited, async (text) => {
        tails[channel].add(text);
        // Also of output that is not stored any more.
        context.heartbeat();
        const found = progress?.read(text);
        if (found) report(found);
        await log.write(channel, text);
      });
      report();
    };
    const [exit] = await Promise.all([child.exited, follow('stdout'), follow('stderr')]);
    await log.end();
    context.signal.throwIfAborted();
    const output = outputOf(exit, { stdout: tails.stdout.text, stderr: tails.stderr.text });
    const failure = failureOf(command?.argv[0] ?? '', exit, output, command?.retry_exit_codes);
    if (failure) throw failure;
    return output;
  }
}
