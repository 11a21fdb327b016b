import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { MortalGateway } from '../../support/mortal-gateway';

const EXAMPLE = join(__dirname, '../../../examples/refunds');

/** The files of the example, for servers on these ports. */
function filesOf(ports: { shop: number; model: number }): Record<string, string> {
  const entries = readdirSync(EXAMPLE, { recursive: true, withFileTypes: true });
  const texts = entries
    .filter(({ name }) => /\.(md|yaml)$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    texts.map((path) => [
      path.slice(EXAMPLE.length + 1),
      readFileSync(path, 'utf8').replaceAll('8101', String(ports.shop)).replaceAll('8102', String(ports.model)),
    ]),
  );
}

describe('the first real agent of the README', () => {
  const servers: ChildProcess[] = [];
  const said = { shop: '', model: '' };
  let gateway: MortalGateway;

  function serve(name: 'shop' | 'model', port: number): void {
    const server = spawn(process.execPath, [join(EXAMPLE, `${name}.mjs`), String(port)]);
    server.stdout.on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
    servers.push(server);
  }
  beforeAll(async () => {
    const ports = { shop: await freePort(), model: await freePort() };
    serve('shop', ports.shop);
    serve('model', ports.model);
    gateway = new MortalGateway(filesOf(ports), await freePort());
  });
  afterAll(async () => {
    await gateway.stop();
    for (const server of servers) server.kill();
  });

  it('is killed while a person is asked, and pays once what was approved', async () => {
    const victim = await gateway.start();
    const id = await gateway.api.submit('refunds', { message: 'My order 4711 never came.' });
    const pending = () =>
      gateway.api.get<{ items: { approval_id: string; arguments: object }[] }>('/v1/approvals?state=pending');
    const approval = await eventually(async () => (await pending()).items[0] ?? false, { timeoutMs: 60_000 });
    expect(approval.arguments).toEqual({ order: 4711, euro: 40 });
    await victim.signal('SIGKILL');
    await gateway.start();
    const decision = { decision: 'approve', arguments: { order: 4711, euro: 20 } };
    const { status } = await gateway.api.post(`/v1/approvals/${approval.approval_id}/decision`, decision);
    expect(status).toBe(200);
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'completed', attempt: 1 });
    expect(said.shop.match(/sent back .*/g)).toEqual(['sent back {"euro":20}']);
    expect(said.model.match(/asked: .*/g)).toEqual(['asked: find_order', 'asked: refund', 'asked: for an answer']);
  });
});
