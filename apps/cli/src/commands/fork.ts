import type { ForkRequest } from '@longhaul/client';
import { type ChangeFlags, changeOf } from '../client/change';
import { type ClientFlags, connect } from '../client/connect';
import { readJson, readText } from '../client/request-body';
import { commandName } from '../command-name';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson } from '../terminal/print';
import { UsageError } from '../usage-error';

export interface ForkFlags extends ClientFlags, ChangeFlags {
  fromStep?: string;
  prompt?: string;
  model?: string;
  stepResult?: string[];
}

/** The id of the new one on stdout. */
export async function forkExecution(id: string, flags: ForkFlags): Promise<ExitCode> {
  const accepted = await connect(flags).fork(id, requestOf(flags));
  if (flags.json) printJson(accepted);
  else {
    console.log(accepted.execution_id);
    console.error(`follow it: ${commandName()} watch ${accepted.execution_id}`);
    console.error(`beside the other one, when it is over: ${commandName()} diff ${id} ${accepted.execution_id}`);
  }
  return EXIT.ok;
}

function requestOf(flags: ForkFlags): ForkRequest {
  const { fromStep, prompt, model, stepResult } = flags;
  return {
    ...changeOf(flags),
    ...(fromStep === undefined ? {} : { from_step: fromStep }),
    ...(prompt === undefined ? {} : { prompt: promptOf(prompt) }),
    ...(model === undefined ? {} : { model }),
    ...(stepResult === undefined ? {} : { step_results: Object.fromEntries(stepResult.map(resultOf)) }),
  };
}

function promptOf(source: string): string {
  if (source === '-') return readText('--prompt', 0);
  return source.startsWith('@') ? readText('--prompt', source.slice(1)) : source;
}

/** `KEY=JSON` */
function resultOf(text: string): [key: string, result: unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--step-result: expected KEY=JSON, such as 'tool:1:1="It rains."', got "${text}"`);
  return [text.slice(0, at), readJson(`--step-result ${text.slice(0, at)}`, text.slice(at + 1))];
}
