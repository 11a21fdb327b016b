import { type ClientFlags, connect } from '../client/connect';
import { readJson } from '../client/request-body';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson } from '../terminal/print';

export interface SendEventFlags extends ClientFlags {
  data?: string;
  execution?: string;
}

/** The ids of those that got it on stdout. That nobody waits for it is no failure: it may be nobody's. */
export async function sendEvent(name: string, flags: SendEventFlags): Promise<ExitCode> {
  const { data, execution } = flags;
  const sent = await connect(flags).approvals.sendEvent({
    name,
    ...(data === undefined ? {} : { data: readJson('--data', data) }),
    ...(execution === undefined ? {} : { execution_id: execution }),
  });
  if (flags.json) {
    printJson(sent);
    return EXIT.ok;
  }
  for (const id of sent.delivered_to) console.log(id);
  if (sent.delivered_to.length === 0) console.error('nobody waits for it');
  return EXIT.ok;
}
