import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeWorkspace } from '@longhaul/config/testing';
import { assertBuilt } from '../support/gateway-process';

const PACKAGE = join(__dirname, '../../dist/packages/longhaul/src/index.js');
const SCRIPT = `
const { Gateway } = require(${JSON.stringify(PACKAGE)});
const options = JSON.parse(process.argv[1]);
const gateway = Gateway.create(process.argv[2], options).useMemoryQueue();
gateway.listen(0).then(async () => {
  const names = ['prom-client', '@opentelemetry/sdk-trace', '@opentelemetry/exporter-trace-otlp-http', 'pino'];
  const files = Object.keys(require.cache);
  const loaded = names.filter((name) => files.some((file) => file.includes('/node_modules/' + name + '/')));
  await gateway.close();
  console.log('loaded: ' + loaded.join(' '));
});`;

async function loaded(options: object): Promise<string> {
  const args = ['-e', SCRIPT, JSON.stringify(options), makeWorkspace()];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
  return /loaded: (.*)/.exec(stdout)?.[1] ?? stdout;
}

describe('Telemetry that is off', () => {
  beforeAll(assertBuilt);

  it('loads nothing', async () => {
    expect(await loaded({ server: { metrics: { enabled: false } }, log: { format: 'pretty' } })).toBe('');
  });

  it('loads what is on, and no more', async () => {
    expect(await loaded({ log: { format: 'json' } })).toBe('prom-client pino');
    const otlpUrl = 'http://127.0.0.1:9';
    expect(
      await loaded({ server: { metrics: { enabled: false } }, log: { format: 'pretty' }, traces: { otlpUrl } }),
    ).toBe('@opentelemetry/sdk-trace @opentelemetry/exporter-trace-otlp-http');
  });
});
