import { CliGateway } from './cli-gateway';
import { hasTerminal, spawnOnTerminal } from './spawn-shell';

const FAILS = { context: { demo: { fail: 'permanent' } } };
const itOnTerminal = hasTerminal ? it : it.skip;

interface Letter {
  execution_id: string;
  fingerprint: string;
  state: string;
}

describe('longhaul dlq', () => {
  let gateway: CliGateway;
  beforeAll(async () => (gateway = await CliGateway.start()));
  afterAll(() => gateway.stop());
  beforeEach(async () => {
    await gateway.json('dlq', 'discard', '--all', '--yes', '--because', 'another test');
  });

  async function failed(): Promise<string> {
    const id = await gateway.api.submit('slow', FAILS);
    await gateway.run(['watch', id]);
    return id;
  }
  const letters = async (...flags: string[]) =>
    (await gateway.json<{ items: Letter[] }>('dlq', 'list', ...flags)).items.map(({ execution_id }) => execution_id);

  it('list, groups and show tell what failed, as tables for people', async () => {
    const [first, second] = [await failed(), await failed()];
    expect(await letters()).toEqual([second, first]);
    const [letter] = (await gateway.json<{ items: Letter[] }>('dlq', 'list', '--limit=1')).items;
    const table = (await gateway.run(['dlq', 'list'])).stdout;
    expect(table).toMatch(/^EXECUTION +STATE +AGENT +REASON +FINGERPRINT +FAILED +MESSAGE\n/);
    expect(table).toContain(first);
    const groups = (await gateway.run(['dlq', 'groups'])).stdout;
    expect(groups).toMatch(new RegExp(`\n${letter?.fingerprint} +2 +slow +`));
    const { stdout } = await gateway.run(['dlq', 'show', first]);
    expect(stdout).toMatch(/^state +open$/m);
    expect(stdout).toContain('"fail": "permanent"');
    expect(stdout).toMatch(/^run_\w+ +1 +failed/m);
    expect(await letters('--agent=quick')).toEqual([]);
    expect((await gateway.run(['dlq', 'list', '--agent=quick'])).stderr).toBe('no dead letter fits\n');
  });

  it('redrive tries some anew, by id and by cause; twice is once', async () => {
    const [first, second] = [await failed(), await failed()];
    const changed = ['--context', '{"demo":{}}'];
    const once = await gateway.run(['dlq', 'redrive', first, ...changed]);
    expect(once).toMatchObject({ status: 0, stderr: '1 redriven\n' });
    const again = await gateway.run(['dlq', 'redrive', first, ...changed]);
    expect(again.stdout).toBe(once.stdout.replace('\n', ' (before)\n'));
    const id = once.stdout.trim().split(' -> ')[1] ?? '';
    expect((await gateway.run(['watch', id])).status).toBe(0);
    const [{ fingerprint }] = (await gateway.json<{ items: [Letter] }>('dlq', 'list')).items;
    const rest = await gateway.json('dlq', 'redrive', '--fingerprint', fingerprint, '--delay=100');
    expect(rest).toMatchObject({ count: 1, items: [{ retry_of: second }], refused: [], remaining: 0 });
    expect(await letters('--state=redriven')).toEqual(expect.arrayContaining([first, second]));
  });

  it('redrive and discard say what was refused, with exit code 1', async () => {
    const nowhere = 'exec_01JD8Z4M7T9QW2X5C6V8B0N3KP';
    const redriven = await gateway.run(['dlq', 'redrive', nowhere]);
    expect(redriven).toMatchObject({ status: 1, stdout: '' });
    expect(redriven.stderr).toMatch(/^exec_\w+: there is no dead letter .*\n0 redriven, 1 refused\n$/);
    expect((await gateway.run(['dlq', 'discard', nowhere, '--because', 'x'])).status).toBe(1);
  });

  it('discard gives up, and says why', async () => {
    const id = await failed();
    const { status, stderr } = await gateway.run(['dlq', 'discard', id, '--because', 'customer left']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '1 discarded\n' });
    expect((await gateway.run(['dlq', 'show', id])).stdout).toMatch(/^discard_reason +customer left$/m);
    expect(await letters()).toEqual([]);
  });

  it.each([
    [['redrive'], 'give ids'],
    [['redrive', '--all'], '--yes'],
    [['redrive', '--all', '--agent=slow'], 'exclude each other'],
    [['redrive', '--agent=slow', '--message=x'], 'exactly one execution'],
    [['discard', '--all', '--yes'], '--because'],
  ])('%j is refused with the mend', async (args, words) => {
    const { status, stdout, stderr } = await gateway.run(['dlq', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('executions retry gives the id of the new one', async () => {
    const id = await failed();
    const { stdout, status } = await gateway.run(['executions', 'retry', id, '--context', '{"demo":{}}']);
    expect({ stdout, status }).toEqual({ stdout: expect.stringMatching(/^exec_\w{26}\n$/) as string, status: 0 });
    expect((await gateway.run(['watch', stdout.trim()])).status).toBe(0);
    expect(await gateway.json('executions', 'get', stdout.trim())).toMatchObject({ retry_of: id });
    const done = await gateway.run(['executions', 'retry', stdout.trim()]);
    expect([done.status, done.stderr]).toEqual([1, expect.stringContaining('is completed')]);
  });

  itOnTerminal('asks before it handles all there is', async () => {
    const id = await failed();
    const env = { LONGHAUL_URL: gateway.url };
    const said = await spawnOnTerminal('dlq discard --all --because old || true', env, 'n\n');
    expect(said).toContain('discard all open dead letters at');
    expect(await letters()).toEqual([id]);
    expect(await spawnOnTerminal('dlq discard --all --because old', env, 'y\n')).toContain('1 discarded');
  });
});
