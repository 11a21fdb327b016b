import { type ClientFlags, connect } from '../client/connect';
import { farewell } from '../client/farewell';
import { interruptible } from '../client/interruptible';
import { exitCodeOf } from '../client/outcome';
import type { ExitCode } from '../exit-codes';
import { eventLine } from '../terminal/event-line';
import { printJsonLine } from '../terminal/print';

export interface WatchFlags extends ClientFlags {
  after?: number;
}

/** Every event until the end; the exit code is the execution's. */
export function watch(id: string, flags: WatchFlags): Promise<ExitCode> {
  const client = connect(flags);
  const after = flags.after === undefined ? {} : { after: flags.after };
  return interruptible(
    async (signal) => {
      // First, so that a gateway that is not there is told of soon.
      await client.get(id, { signal });
      for await (const event of client.watch(id, { signal, ...after })) {
        if (flags.json) printJsonLine(event);
        else console.log(eventLine(event));
      }
      return exitCodeOf(await client.get(id, { signal }));
    },
    () => farewell(id),
  );
}
