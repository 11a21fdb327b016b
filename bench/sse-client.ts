import { Agent, type IncomingMessage, request } from 'node:http';
import { machineMs } from './ledger';

/** Each stream has a connection of its own, as in a browser tab. */
const agent = new Agent({ maxSockets: Infinity });

export interface OpenSse {
  /** Milliseconds of each chunk between its `append` and here; only of those that read. */
  lags: number[];
  ended: Promise<void>;
  close(): void;
}

/** Opens a stream. One that does not read (`measure: false`) drains what comes, which costs the client next to nothing. */
export function openSse(url: string, { measure }: { measure: boolean }): Promise<OpenSse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers: { accept: 'text/event-stream' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      const lags: number[] = [];
      const ended = new Promise<void>((done) => response.once('close', done));
      if (measure) collect(response, lags);
      else response.resume();
      resolve({ lags, ended, close: () => void outgoing.destroy() });
    });
    outgoing.once('error', reject);
    outgoing.on('error', () => undefined);
    outgoing.end();
  });
}

/** The agent writes the moment of its `append` as the text of the chunk. */
function collect(response: IncomingMessage, lags: number[]): void {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (piece: string) => {
    const now = machineMs();
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const at = /^data: .*"text":"([\d.]+)"/.exec(line)?.[1];
      if (at !== undefined) lags.push(now - Number(at));
    }
  });
}
