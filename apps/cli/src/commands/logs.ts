import type { ExecutionEvent } from '@longhaul/client';
import { type ClientFlags, connect } from '../client/connect';
import { farewell } from '../client/farewell';
import { interruptible } from '../client/interruptible';
import { exitCodeOf } from '../client/outcome';
import { EXIT, type ExitCode } from '../exit-codes';
import { eventLine } from '../terminal/event-line';
import { plain } from '../terminal/plain';
import { printJsonLine } from '../terminal/print';
import { paint } from '../terminal/style';

export interface LogsFlags extends ClientFlags {
  follow?: boolean;
}

/**
 * What the execution wrote: text and stdout on stdout, stderr on stderr, as it was but for what would direct a terminal;
 * other events as lines on stderr.
 * Followed to its end, the exit code is the execution's.
 */
export function logs(id: string, flags: LogsFlags): Promise<ExitCode> {
  const client = connect(flags);
  const follow = flags.follow ?? false;
  return interruptible(
    async (signal) => {
      await client.get(id, { signal });
      for await (const event of client.watch(id, { signal, follow })) {
        if (flags.json) printJsonLine(event);
        else write(event);
      }
      endLine();
      return follow ? exitCodeOf(await client.get(id, { signal })) : EXIT.ok;
    },
    () => farewell(id),
  );
}

let openLine = false;

function write({ type, data, ...event }: ExecutionEvent): void {
  if (type === 'output.delta') {
    const text = String(data['text']);
    const stream = data['channel'] === 'stderr' ? process.stderr : process.stdout;
    stream.write(stream.isTTY ? plain(text) : text);
    openLine = !text.endsWith('\n');
  } else if (type !== 'execution.progress') {
    // Two streams on one screen; apart from each other, stdout stays what was written.
    if (process.stdout.isTTY) endLine();
    console.error(paint('dim', `-- ${eventLine({ type, data, ...event })}`, process.stderr));
  }
}

/** An agent's text need not end in a line of its own. */
function endLine(): void {
  if (openLine) process.stdout.write('\n');
  openLine = false;
}
