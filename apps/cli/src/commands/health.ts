import { type ClientFlags, connect } from '../client/connect';
import { EXIT, type ExitCode } from '../exit-codes';
import { printJson } from '../terminal/print';
import { paint } from '../terminal/style';

/** Readiness with each dependency; exit code 0 when requests may be sent there, also when it is degraded. */
export async function health(flags: ClientFlags): Promise<ExitCode> {
  const client = connect(flags);
  const { status, details } = await client.health();
  if (flags.json) printJson({ url: client.url, status, details });
  else {
    console.log(`${paint(status === 'down' ? 'red' : 'green', status)}  ${client.url}`);
    for (const [name, state] of Object.entries(details)) console.log(`  ${name.padEnd(10)} ${stateLine(state)}`);
  }
  return status === 'down' ? EXIT.failed : EXIT.ok;
}

function stateLine(state: unknown): string {
  const { status = 'unknown', ...more } = (state ?? {}) as Record<string, unknown>;
  const rest = Object.entries(more).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [String(status), ...rest].join('  ');
}
