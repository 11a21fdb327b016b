import { makeWorkspace } from '@longhaul/config/testing';
import { ApiClient } from '../../support/api-client';
import { freePort } from '../../support/free-port';
import { GatewayProcess, longhaul } from '../../support/gateway-process';

const INPUT = '{ type: object, required: [topic], properties: { topic: { type: string } } }';
const FILES = {
  'agents/slow/AGENT.md': '---\nexecution_mode: async\nretries: { max_retries: 0 }\n---\nYou work.\n',
  'agents/quick/AGENT.md': '---\nexecution_mode: sync\n---\nYou answer.\n',
  'agents/typed/AGENT.md': `---\nexecution_mode: sync\ninput_schema: ${INPUT}\n---\nYou sort.\n`,
};

export const KEY = 'a-key-of-sixteen-and-more';

/** A running gateway, and the command line beside it. */
export class CliGateway {
  private constructor(
    private readonly process: GatewayProcess,
    readonly url: string,
    readonly api: ApiClient,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<CliGateway> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const workspace = makeWorkspace(FILES);
    const process = new GatewayProcess(
      ['--workspace', workspace, '--port', String(port)],
      { LONGHAUL_QUEUE__BACKEND: 'memory', ...env },
      url,
    );
    await process.ready();
    return new CliGateway(process, url, new ApiClient(url));
  }

  stop(): Promise<number | null> {
    return this.process.signal('SIGKILL');
  }

  /** `longhaul …` against this gateway. */
  run(args: string[], env: Record<string, string> = {}) {
    return longhaul(args, { LONGHAUL_URL: this.url, ...env });
  }

  /** The same, with `--json`; its output is one document. */
  async json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
    const { stdout, stderr, status } = await this.run([...args, '--json']);
    if (status !== 0) throw new Error(`${args.join(' ')}: ${status}\n${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** An execution that goes on until it is cancelled. */
  endless(): Promise<string> {
    return this.api.submit('slow', { context: { demo: { sleep_ms: 3_600_000 } } });
  }
}
