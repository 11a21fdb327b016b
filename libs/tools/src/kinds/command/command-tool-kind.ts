import { Inject, Injectable } from '@nestjs/common';
import {
  type JsonValue,
  type LonghaulError,
  NoEffectError,
  PermanentError,
  redactCut,
  RetryableError,
  Turns,
} from '@longhaul/kernel';
import { failureOf, outputOf } from '../../command/command-outcome';
import { planCommand } from '../../command/command-plan';
import { CommandProcess } from '../../command/command-process';
import { readOutput } from '../../command/read-output';
import { Tail } from '../../command/tail';
import { ARGUMENTS_SCOPE, templateValues } from '../../template/template-scope';
import type { Tool, ToolCall, ToolDefinition } from '../../tool';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../../tools-options';
import { ToolKind } from '../tool-kind';
import { commandFormat } from './command-format';
import type { CommandToolOptions } from './command-schema';
import { envSecrets } from './env-secrets';

const KB = 1024;
const SHOWN = 2_000;
/** Commands of all tools of this process: a model may ask for fifty in one turn. */
const AT_ONCE = 16;
/** Of its time, which waiting is a part of, a command has at least half left when it is started. */
const SHARE_OF_WAIT = 0.5;

/**
 * Starts a program on a model's behalf: the one that the file names, without a shell, with no variable but those that it
 * names. The answer is `{ exit_code, stdout, stderr }`; another exit code than 0 is told to the model as a failure. What it
 * was given of the gateway's environment is repeated to nobody.
 */
@Injectable()
export class CommandToolKind extends ToolKind<CommandToolOptions> {
  readonly format = commandFormat;
  private readonly turns = new Turns(AT_ONCE);

  constructor(@Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions) {
    super();
  }

  create(own: CommandToolOptions, definition: ToolDefinition): Tool['run'] {
    return async (args, call) => {
      const plan = await planCommand({
        command: own,
        values: templateValues(ARGUMENTS_SCOPE, args, definition.parameters),
        workspace: this.options.workspace,
        file: definition.file,
        variable: (name) => this.options.variable(name),
        own: {
          LONGHAUL_EXECUTION_ID: call.executionId,
          LONGHAUL_RUN_ID: call.runId,
          LONGHAUL_IDEMPOTENCY_KEY: call.idempotencyKey,
        },
        unavailable: 'tool_unavailable',
      });
      call.signal.throwIfAborted();
      const secrets = envSecrets(own.env_allow ?? [], plan.env);
      const giveBack = await this.turn(own, definition, call);
      try {
        return await follow(await CommandProcess.start(plan), own, secrets, definition, call);
      } finally {
        giveBack();
      }
    };
  }

  /** Throws what says that nothing has happened when too many others run for too long. */
  private async turn({ argv: [program] }: CommandToolOptions, { timeoutMs }: ToolDefinition, { signal }: ToolCall) {
    const patience = AbortSignal.timeout(timeoutMs * SHARE_OF_WAIT);
    try {
      return await this.turns.take(AbortSignal.any([signal, patience]));
    } catch (cause) {
      signal.throwIfAborted();
      const message = `${program} was not started: ${AT_ONCE} commands run already, and none of them ended in time`;
      throw new NoEffectError(`${message}; call fewer at once, or later`, { code: 'unavailable', cause });
    }
  }
}

/** Everything from the start of the command to its end. */
async function follow(
  child: CommandProcess,
  own: CommandToolOptions,
  secrets: readonly string[],
  { timeoutMs }: ToolDefinition,
  { signal }: ToolCall,
): Promise<JsonValue> {
  const [program = ''] = own.argv;
  const limitKb = own.max_output_kb ?? 1_024;
  const tailLimit = (own.tail_kb ?? 16) * KB;
  const tails = { stdout: new Tail(tailLimit), stderr: new Tail(tailLimit) };
  let left = limitKb * KB;
  let why: string | undefined;
  const stop = (reason: string) => {
    why ??= reason;
    child.stop();
  };
  const onAbort = () => stop('the run was stopped');
  const clock = setTimeout(() => stop(`did not end within ${timeoutMs / 1_000} s and was stopped`), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    const read = (channel: 'stdout' | 'stderr') =>
      readOutput(child[channel], child.exited, (text) => {
        tails[channel].add(text);
        left -= text.length;
        if (left < 0) stop(`printed more than ${limitKb} KB and was stopped`);
        return Promise.resolve();
      });
    const [exit] = await Promise.all([child.exited, read('stdout'), read('stderr')]);
    const clean = ({ text }: Tail) => redactCut(text, secrets);
    const output = outputOf(exit, { stdout: clean(tails.stdout), stderr: clean(tails.stderr) });
    signal.throwIfAborted();
    if (why !== undefined) {
      throw new PermanentError(`${program} ${why}: what it did until then stands`, { code: 'command_failed' });
    }
    const failure = failureOf(program, exit, output, own.retry_exit_codes);
    if (failure) throw told(failure, output.stderr_tail.trim() || output.stdout_tail.trim());
    return { exit_code: 0, stdout: output.stdout_tail, stderr: output.stderr_tail };
  } finally {
    clearTimeout(clock);
    signal.removeEventListener('abort', onAbort);
  }
}

/** A model mends its call by what the program said, not by the last line of it alone. */
function told({ message, retryable, details }: LonghaulError, said: string): RetryableError | PermanentError {
  const end = said === '' ? '' : `\n${said.slice(-SHOWN)}`;
  const more = { code: 'command_failed', ...(details ? { details } : {}) } as const;
  return retryable ? new RetryableError(message, more) : new PermanentError(`${message}${end}`, more);
}
