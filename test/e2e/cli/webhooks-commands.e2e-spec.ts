import { eventually } from '../../support/eventually';
import { verified, WebhookReceiver } from '../../support/webhook-receiver';
import { CliGateway } from './cli-gateway';
import { hasTerminal, spawnOnTerminal } from './spawn-shell';

const itOnTerminal = hasTerminal ? it : it.skip;
const HOSTILE = '\u001B]0;owned\u0007 now\nforged line';
const [ENDPOINT, DELIVERY] = ['whe_01JD8Z4M7T9QW2X5C6V8B0N3KW', 'dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX'];

interface Endpoint {
  endpoint_id: string;
  secret: string;
}
interface Delivery {
  delivery_id: string;
  status: string;
  tries: { excerpt?: string }[];
}

describe('longhaul webhooks and deliveries', () => {
  let gateway: CliGateway;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    const env = { LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.1/32"]', LONGHAUL_WEBHOOKS__RETRY_SCHEDULE_S: '[]' };
    gateway = await CliGateway.start(env);
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    receiver.stop();
    await gateway.stop();
  });
  beforeEach(() => {
    receiver.script = () => ({});
  });
  afterEach(async () => {
    const { items } = await gateway.json<{ items: Endpoint[] }>('webhooks', 'list');
    for (const { endpoint_id: id } of items) await gateway.json('webhooks', 'remove', id);
  });

  const added = (...flags: string[]) => gateway.json<Endpoint>('webhooks', 'add', receiver.url, ...flags);
  const shown = (id: string) => gateway.json<Delivery>('deliveries', 'show', id);
  const delivered = (id: string) => eventually(async () => (await shown(id)).status === 'delivered');
  /** A delivery that has failed. */
  const failed = async (endpointId: string): Promise<string> => {
    receiver.script = () => ({ status: 500, body: `boom ${HOSTILE}` });
    const { stdout, status } = await gateway.run(['webhooks', 'test', endpointId, '--json']);
    expect(status).toBe(1);
    receiver.script = () => ({});
    return (JSON.parse(stdout) as Delivery).delivery_id;
  };

  it('add shows the secret once, list shows the endpoints, remove ends it', async () => {
    const flags = ['--event=execution.failed', '--agent=slow', '--agent=quick', '--body=whole'];
    const { stdout, stderr, status } = await gateway.run(['webhooks', 'add', receiver.url, ...flags]);
    expect(stdout).toMatch(/^events +execution\.failed$/m);
    expect(stdout).toMatch(/^agents +slow,quick$/m);
    expect(stdout).toMatch(/^body +whole$/m);
    expect({ stderr, status }).toEqual({ stderr: expect.stringContaining('is not shown again') as string, status: 0 });
    const secret = /^secret +(whsec_\S+)$/m.exec(stdout)?.[1] ?? '-';
    const id = /^endpoint_id +(whe_\w+)$/m.exec(stdout)?.[1] ?? '';
    const list = await gateway.run(['webhooks', 'list']);
    expect(list.stdout).toMatch(/^ENDPOINT +STATE +EVENTS +AGENTS +URL\n/);
    expect(list.stdout).toMatch(new RegExp(`\n${id} +enabled +failed +slow,quick +http://127`));
    const asJson = await gateway.run(['webhooks', 'list', '--json']);
    for (const text of [list.stdout, asJson.stdout]) expect(text).not.toContain(secret);
    expect(await gateway.run(['webhooks', 'remove', id])).toMatchObject({ status: 0, stdout: `${id} removed\n` });
    expect(await gateway.run(['webhooks', 'list'])).toMatchObject({
      stdout: '',
      stderr: 'no endpoint is registered\n',
    });
  });

  it('disable and enable switch it, secret shows what calls to a callback_url are signed with', async () => {
    const { endpoint_id: id } = await added();
    const { stdout, status } = await gateway.run(['webhooks', 'disable', id]);
    expect({ stdout, status }).toMatchObject({ stdout: expect.stringMatching(`^${id} disabled`) as string, status: 0 });
    expect(await gateway.json('webhooks', 'list')).toMatchObject({ items: [{ enabled: false }] });
    expect((await gateway.run(['webhooks', 'enable', id])).stdout).toBe(`${id} enabled\n`);
    expect(await gateway.run(['webhooks', 'enable', ENDPOINT])).toMatchObject({ status: 4, stdout: '' });
    const secret = (await gateway.run(['webhooks', 'secret'])).stdout.trim();
    expect(secret).toMatch(/^whsec_/);
    expect(await gateway.json('webhooks', 'secret')).toEqual({ secret });
    const operator = (await gateway.run(['webhooks', 'secret', '--operator'])).stdout.trim();
    expect(operator).toMatch(/^whsec_/);
    expect(operator).not.toBe(secret);
  });

  it('test sends one that verifies, also with the secret that rotate gives', async () => {
    const { endpoint_id: id, secret: old } = await added();
    const { stdout, stderr } = await gateway.run(['webhooks', 'rotate', id, '--overlap', '60']);
    expect(stdout).toMatch(/^previous_secret_until +\d{4}-/m);
    expect(stderr).toBe('keep the secret: it is not shown again\n');
    const secret = /^secret +(whsec_\S+)$/m.exec(stdout)?.[1] ?? '';
    const test = await gateway.run(['webhooks', 'test', id]);
    expect(test).toMatchObject({ status: 0, stderr: '' });
    expect(test.stdout).toMatch(/^dlv_\w+ delivered, answered with 204\n$/);
    const call = receiver.calls.at(-1);
    for (const signer of [old, secret]) expect(verified(call, signer)).toMatchObject({ type: 'webhook.test' });
    const detached = await gateway.run(['webhooks', 'test', id, '--detach']);
    expect(detached).toMatchObject({ status: 0, stdout: expect.stringMatching(/^dlv_\w{26}\n$/) as string });
    await delivered(detached.stdout.trim());
  });

  it('test says why it did not arrive, with exit code 1, and waits no longer than it may, with 5', async () => {
    const { endpoint_id: id } = await added();
    receiver.script = () => ({ status: 503 });
    const refused = await gateway.run(['webhooks', 'test', id]);
    expect(refused).toMatchObject({ status: 1, stdout: expect.stringMatching(/^dlv_\w+ failed: .*503/) as string });
    receiver.script = () => 'hang';
    const late = await gateway.run(['webhooks', 'test', id, '--wait-timeout', '0']);
    expect(late.stdout).toMatch(/^dlv_\w+ was not tried yet\n$/);
    expect([late.status, late.stderr]).toEqual([5, expect.stringContaining('deliveries show dlv_')]);
  });

  it('deliveries list and show tell what was sent, and nothing that moves a terminal', async () => {
    const { endpoint_id: id } = await added('--description', HOSTILE);
    const delivery = await failed(id);
    const list = await gateway.run(['deliveries', 'list', '--endpoint', id, '--status=failed']);
    expect(list.stdout).toMatch(/^DELIVERY +STATUS +TRIES +EVENT +CHANNEL +TO +CREATED +LAST\n/);
    expect(list.stdout).toMatch(new RegExp(`\n${delivery} +failed +1 +webhook\\.test +webhook +${id} .* .*500`));
    const show = await gateway.run(['deliveries', 'show', delivery]);
    expect(show.stdout).toMatch(/^status +failed$/m);
    expect(show.stdout).toMatch(/^1 +failed +\S+ +\d+ ms +.*500 +boom \]0;owned now forged line$/m);
    const endpoints = await gateway.run(['webhooks', 'list']);
    expect(endpoints.stdout).toContain(']0;owned now forged line');
    // They are there: only people are spared them.
    expect(JSON.stringify(await gateway.json('webhooks', 'list'))).toContain(JSON.stringify(HOSTILE).slice(1, -1));
    expect((await shown(delivery)).tries[0]?.excerpt).toContain('forged line');
    for (const { stdout } of [list, show, endpoints]) {
      for (const control of ['\u001B', '\u0007']) expect(stdout).not.toContain(control);
    }
    expect(await gateway.run(['deliveries', 'list', '--agent=quick'])).toMatchObject({
      stdout: '',
      stderr: 'no delivery fits\n',
    });
  });

  it('redeliver sends some again, by id and by flag', async () => {
    const { endpoint_id: id } = await added();
    const [first, second] = [await failed(id), await failed(id)];
    const one = await gateway.run(['deliveries', 'redeliver', first]);
    expect(one).toEqual({ status: 0, stdout: `${first}\n`, stderr: '1 to be sent again\n' });
    await delivered(first);
    const rest = await gateway.json('deliveries', 'redeliver', '--endpoint', id);
    expect(rest).toEqual({ count: 1, delivery_ids: [second], next_cursor: null });
    await delivered(second);
    const partly = await gateway.run(['deliveries', 'redeliver', first, DELIVERY]);
    expect(partly).toMatchObject({ status: 4, stdout: `${first}\n` });
    expect(partly.stderr).toBe(`1 to be sent again\n${DELIVERY}: there is no such delivery\n`);
  });

  itOnTerminal('asks before it sends all that failed', async () => {
    const delivery = await failed((await added()).endpoint_id);
    const env = { LONGHAUL_URL: gateway.url };
    const said = await spawnOnTerminal('deliveries redeliver --all || true', env, 'n\n');
    expect(said).toContain('redeliver all failed deliveries at');
    expect((await shown(delivery)).status).toBe('failed');
    expect(await spawnOnTerminal('deliveries redeliver --all', env, 'y\n')).toContain(delivery);
    await delivered(delivery);
  });

  it.each<[string[], number, string]>([
    [['webhooks', 'add', 'ftp://example.com'], 2, 'url'],
    [['webhooks', 'add', 'https://example.com', '--event=done'], 2, 'execution.completed'],
    [['webhooks', 'add', 'https://example.com', '--body=fat'], 2, 'thin, whole'],
    [['webhooks', 'add'], 2, "missing required argument 'url'"],
    [['webhooks', 'remove', ENDPOINT], 4, 'no webhook endpoint'],
    [['webhooks', 'rotate', 'x'], 4, 'ids look like whe_'],
    [['webhooks', 'rotate', ENDPOINT, '--overlap', 'long'], 2, 'expected seconds'],
    [['webhooks', 'test', ENDPOINT], 4, 'no webhook endpoint'],
    [['deliveries', 'show', DELIVERY], 4, 'no delivery'],
    [['deliveries', 'list', '--status=sent'], 2, 'pending, delivered, failed'],
    [['deliveries', 'list', '--cursor=x'], 2, 'next_cursor'],
    [['deliveries', 'redeliver'], 2, '--endpoint, or --all'],
    [['deliveries', 'redeliver', 'x'], 2, 'expected ids such as dlv_'],
    [['deliveries', 'redeliver', '--all'], 2, '--yes'],
    [['deliveries', 'redeliver', '--all', DELIVERY], 2, 'exclude each other'],
  ])('%j is refused with exit code %d and what is wrong', async (args, code, words) => {
    const { status, stdout, stderr } = await gateway.run(args);
    expect({ status, stdout }).toEqual({ status: code, stdout: '' });
    expect(stderr).toContain(words);
  });
});
