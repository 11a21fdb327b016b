import type { Execution, ExecutionFilter, Step } from '@longhaul/client';
import { type ChangeFlags, changeOf } from '../client/change';
import { type ClientFlags, connect } from '../client/connect';
import { commandName } from '../command-name';
import { outputText } from '../client/outcome';
import { EXIT, type ExitCode } from '../exit-codes';
import { plain } from '../terminal/plain';
import { printJson, printTable } from '../terminal/print';

export interface ListFlags extends ClientFlags {
  agent?: string;
  status?: Execution['status'][];
  conversation?: string;
  correlation?: string;
  tag?: string;
  createdAfter?: string;
  createdBefore?: string;
  query?: string;
  cursor?: string;
  limit?: number;
}

/** One page, newest first. */
export async function listExecutions(flags: ListFlags): Promise<ExitCode> {
  const page = await connect(flags).list(filterOf(flags));
  if (flags.json) {
    printJson(page);
    return EXIT.ok;
  }
  const rows = page.items.map((execution) => [
    execution.execution_id,
    statusOf(execution),
    execution.agent,
    execution.created_at,
    execution.progress ? `${Math.round(execution.progress.percent)} %` : '',
  ]);
  if (rows.length === 0) console.error('no execution fits');
  else printTable(['EXECUTION', 'STATUS', 'AGENT', 'CREATED', 'PROGRESS'], rows);
  if (page.next_cursor !== null) console.error(`there are more: --cursor ${page.next_cursor}`);
  return EXIT.ok;
}

export async function getExecution(id: string, flags: ClientFlags): Promise<ExitCode> {
  const execution = await connect(flags).get(id);
  if (flags.json) printJson(execution);
  else printRecord(execution);
  return EXIT.ok;
}

export interface StepsFlags extends ClientFlags {
  results?: boolean;
}

/** In the order in which they were first begun. */
export async function listSteps(id: string, flags: StepsFlags): Promise<ExitCode> {
  const steps = await connect(flags).steps(id, flags.results ? { include: 'result' } : {});
  if (flags.json) {
    printJson(steps);
    return EXIT.ok;
  }
  if (steps.length === 0) console.error('it has no steps');
  else printTable(['KEY', 'STATUS', 'EFFECTS', 'ATTEMPT', 'STARTED', ''], steps.map(stepRow));
  return EXIT.ok;
}

function stepRow({ key, status, effects, attempt, started_at: startedAt, error, result }: Step): string[] {
  const said = error ? `${error.message} (${error.code})` : result === undefined ? '' : JSON.stringify(result);
  return [key, status, effects, String(attempt), startedAt, said];
}

/** Asks; that it has ended meanwhile is no error. */
export async function cancelExecution(id: string, flags: ClientFlags): Promise<ExitCode> {
  const execution = await connect(flags).cancel(id);
  if (flags.json) printJson(execution);
  else {
    console.log(`${execution.execution_id} ${statusOf(execution)}`);
    if (execution.status === 'running') console.error(`it is asked to stop: ${commandName()} watch ${id}`);
  }
  return EXIT.ok;
}

export interface RetryFlags extends ClientFlags, ChangeFlags {
  fromStep?: string;
}

/** The id of the new one on stdout. */
export async function retryExecution(id: string, flags: RetryFlags): Promise<ExitCode> {
  const { fromStep } = flags;
  const from = fromStep === undefined ? {} : { from_step: fromStep };
  const accepted = await connect(flags).retry(id, { ...changeOf(flags), ...from });
  if (flags.json) printJson(accepted);
  else {
    console.log(accepted.execution_id);
    console.error(`follow it: ${commandName()} watch ${accepted.execution_id}`);
  }
  return EXIT.ok;
}

function filterOf(flags: ListFlags): ExecutionFilter {
  const filter = {
    agent: flags.agent,
    status: flags.status,
    conversation_id: flags.conversation,
    correlation_id: flags.correlation,
    tag: flags.tag,
    created_after: flags.createdAfter,
    created_before: flags.createdBefore,
    q: flags.query,
    cursor: flags.cursor,
    limit: flags.limit,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

function statusOf({ status, status_detail: detail }: Execution): string {
  return detail === undefined ? status : `${status} (${detail})`;
}

/** Every field of its own on a line, the result last. */
function printRecord(execution: Execution): void {
  const { output, error, status: _status, status_detail: _detail, ...rest } = execution;
  const fields = Object.entries({ status: statusOf(execution), ...rest });
  for (const [name, value] of fields)
    printField(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  if (error) printField('error', `${error.message} (${error.code})`);
  if (output !== undefined) printField('output', outputText(output));
}

/** Whoever gave it: lines after the first stand below it. */
function printField(name: string, value: string): void {
  console.log(`${name.padEnd(16)} ${plain(value).replaceAll('\n', `\n${' '.repeat(17)}`)}`);
}
