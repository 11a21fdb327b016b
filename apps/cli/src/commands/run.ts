import { randomUUID } from 'node:crypto';
import { type Execution, isTerminal, type LonghaulClient } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { farewell } from '../client/farewell';
import { interruptible } from '../client/interruptible';
import { exitCodeOf, failureLine, outputText } from '../client/outcome';
import { requestBody, type RequestFlags } from '../client/request-body';
import { commandName } from '../command-name';
import { EXIT, type ExitCode } from '../exit-codes';
import { eventLine } from '../terminal/event-line';
import { printJson, printJsonLine } from '../terminal/print';
import { plain } from '../terminal/plain';
import { ProgressBar } from '../terminal/progress-bar';
import { UsageError } from '../usage-error';

export interface RunFlags extends ClientFlags, RequestFlags {
  watch?: boolean;
  wait?: boolean;
  detach?: boolean;
  waitTimeout?: number;
  idempotencyKey?: string;
  correlationId?: string;
}

/** Hands it in and, unless detached, waits. stdout carries the result and nothing else. */
export async function run(agent: string, message: string | undefined, flags: RunFlags): Promise<ExitCode> {
  if ([flags.watch, flags.wait, flags.detach].filter(Boolean).length > 1)
    throw new UsageError('--watch, --wait and --detach exclude each other: give one, or none to wait');
  const client = connect(flags);
  const body = requestBody(message, flags);
  const { idempotencyKey = `cli-${randomUUID()}`, correlationId } = flags;
  let id: string | undefined;
  return interruptible(
    async (signal) => {
      const options = { signal, idempotencyKey, ...(correlationId === undefined ? {} : { correlationId }) };
      const submitted = await client.submit(agent, body, options);
      id = submitted.execution_id;
      if (flags.detach) return detached(submitted, flags);
      return ended(await follow(client, id, flags, signal), flags);
    },
    () => (id === undefined ? perhaps(idempotencyKey) : farewell(id)),
  );
}

function detached(submitted: { execution_id: string }, { json }: RunFlags): ExitCode {
  if (json) printJson(submitted);
  else {
    console.log(submitted.execution_id);
    console.error(`watch it with: ${commandName()} watch ${submitted.execution_id}`);
  }
  return EXIT.ok;
}

/** The record at its end; meanwhile its events, or a progress bar on a terminal. */
async function follow(
  client: LonghaulClient,
  id: string,
  { watch = false, json = false, waitTimeout }: RunFlags,
  signal: AbortSignal,
): Promise<Execution> {
  const over = new AbortController();
  const bar = !watch && process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const show = async () => {
    if (!watch && !bar) return;
    for await (const event of client.watch(id, { signal: AbortSignal.any([signal, over.signal]) })) {
      if (bar) bar.show(event);
      else if (json) printJsonLine(event);
      else console.error(eventLine(event));
    }
  };
  try {
    const limit = waitTimeout === undefined ? {} : { timeoutS: waitTimeout };
    const [execution] = await Promise.all([client.wait(id, { signal, ...limit }), show()]);
    return execution;
  } finally {
    over.abort();
    bar?.end();
  }
}

function ended(execution: Execution, { json = false, watch = false }: RunFlags): ExitCode {
  // Watched as JSON, the last event has told it.
  if (json && !watch) printJson(execution);
  if (isTerminal(execution.status) && execution.status !== 'completed') console.error(failureLine(execution));
  else if (!json) {
    const text = outputText(execution.output);
    console.log(process.stdout.isTTY ? plain(text) : text);
  }
  return exitCodeOf(execution);
}

function perhaps(key: string): string[] {
  return [
    'interrupted before the gateway answered: it may have been accepted',
    `  the same command with --idempotency-key ${key} finds it, or hands it in`,
  ];
}
