import { makeWorkspace } from '@longhaul/config/testing';
import { longhaul } from '../../support/gateway-process';

const GOOD = {
  'gateway.yaml': 'profiles: { slow: { timeout_s: 7200 } }\nqueue: { routes: { "a*": quick } }\n',
  'agents/AGENTS.md': 'We are Acme.',
  'agents/asker/AGENT.md': '---\ndescription: Asks\nprofile: slow\n---\nYou ask.\n',
  'agents/sleeper/AGENT.md': '---\nenabled: false\n---\nYou sleep.\n',
  'agents/coder/AGENT.md': '---\nruntime: code\n---\n',
  'agents/thinker/AGENT.md': '---\nmodel: { name: nobody/think }\n---\nYou think.\n',
};
const WARNED = { ...GOOD, 'agents/asker/AGENT.md': '---\nbudget: { usd_per_day: 5 }\n---\nYou ask.\n' };
const BAD = {
  ...WARNED,
  'agents/bad/AGENT.md': '---\ntags: [x]\nexecution_mode: asynch\n---\nx',
  'agents/lost/AGENT.md': '---\ncontext:\n  - nowhere.md\n---\nx',
};

interface Validated {
  ok: boolean;
  agents: string[];
  problems: { path: string }[];
  warnings: { path: string }[];
}

describe('longhaul agents', () => {
  it('list shows every agent and whether it can run, without a gateway', async () => {
    const workspace = makeWorkspace(GOOD);
    const { stdout, stderr, status } = await longhaul(['agents', 'list', '-w', workspace]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^asker +llm +demo\/echo +sync +quick +ready$/m);
    expect(stdout).toMatch(/^sleeper .* disabled$/m);
    expect(stdout).toMatch(/^coder +code +- .* code agent: checked when the gateway starts$/m);
    expect(stdout).toMatch(/^thinker +llm +nobody\/think .* unavailable: model "nobody\/think" needs/m);
    const asJson = await longhaul(['agents', 'list', '-w', workspace, '--json']);
    const { agents } = JSON.parse(asJson.stdout) as { agents: object[] };
    expect(agents).toContainEqual(expect.objectContaining({ id: 'sleeper', enabled: false, state: 'disabled' }));
  });

  it('show fills in every default and prints all that a model is told', async () => {
    const workspace = makeWorkspace(GOOD);
    const { stdout, status } = await longhaul(['agents', 'show', 'asker', '-w', workspace]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^limits +\{"timeout_s":7200,"deadline_s":604800,"idle_timeout_s":1800,"max_turns":20,"max_tool_calls":50\}$/m,
    );
    expect(stdout).toMatch(/\n\nWe are Acme\.\n\nYou ask\.\n$/);
    const asJson = await longhaul(['agents', 'show', 'asker', '-w', workspace, '--json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      id: 'asker',
      file: 'agents/asker/AGENT.md',
      limits: { timeout_s: 7200 },
      instructions: 'We are Acme.\n\nYou ask.',
    });
  });

  it('show says what keeps an agent from loading, or which one was meant', async () => {
    const workspace = makeWorkspace(BAD);
    expect(await longhaul(['agents', 'show', 'bad', '-w', workspace])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('agents/bad/AGENT.md:3: execution_mode'),
    });
    expect(await longhaul(['agents', 'show', 'askr', '-w', workspace])).toMatchObject({
      status: 4,
      stdout: '',
      stderr: expect.stringContaining('unknown agent "askr", did you mean "asker"?'),
    });
  });

  it('validate says file, line and mend of every problem, and fails', async () => {
    const workspace = makeWorkspace(BAD);
    const { stdout, stderr, status } = await longhaul(['agents', 'validate', '-w', workspace]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
    expect(stdout.trim().split('\n')).toEqual([
      'agents/bad/AGENT.md:3: execution_mode: expected sync or async, got "asynch"; did you mean "async"?',
      'agents/lost/AGENT.md:3: context[0]: nowhere.md is not there; paths are relative to the workspace',
      'warning: agents/asker/AGENT.md:2: "budget" is accepted but not used yet; the agent runs without it',
      expect.stringMatching(/^warning: agents\/thinker\/AGENT.md:2: is unavailable: model "nobody\/think"/),
      '4 agents, 2 problems, 2 warnings',
    ]);
    const asJson = await longhaul(['agents', 'validate', '-w', workspace, '--json']);
    const { ok, agents, problems, warnings } = JSON.parse(asJson.stdout) as Validated;
    expect({ ok, agents, problems: problems.length, warnings: warnings.length, status: asJson.status }).toEqual({
      ok: false,
      agents: ['asker', 'coder', 'sleeper', 'thinker'],
      problems: 2,
      warnings: 2,
      status: 1,
    });
  });

  it('validate is content with warnings, unless it is strict', async () => {
    const workspace = makeWorkspace({ 'agents/asker/AGENT.md': WARNED['agents/asker/AGENT.md'] });
    const { stdout, status } = await longhaul(['agents', 'validate', '-w', workspace]);
    expect({ last: stdout.trim().split('\n').at(-1), status }).toEqual({
      last: '1 agent, 0 problems, 1 warning',
      status: 0,
    });
    expect(await longhaul(['agents', 'validate', '--strict', '-w', workspace])).toMatchObject({ status: 1 });
    expect(await longhaul(['agents', 'validate', '--strict', '-w', 'workspace'])).toMatchObject({ status: 0 });
  });

  it.each([
    [['agents', 'validate', '-w', '/nowhere/at/all'], 'workspace: there is no directory /nowhere/at/all'],
    [['agents', 'lst'], "unknown command 'lst'"],
    [['agents', 'show'], "missing required argument 'id'"],
    [['agents', 'validate', '--stict'], "unknown option '--stict'"],
  ])('%j is refused with exit code 2', async (args, said) => {
    expect(await longhaul(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(said) });
  });

  it('is refused with exit code 2 when gateway.yaml is wrong', async () => {
    const workspace = makeWorkspace({ ...GOOD, 'gateway.yaml': 'profiles: { slow: { timeout: 5 } }' });
    expect(await longhaul(['agents', 'validate', '-w', workspace])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('timeout'),
    });
  });
});
