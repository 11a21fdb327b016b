import { makeWorkspace } from '@longhaul/config/testing';
import { longhaul } from '../../support/gateway-process';

const HTTP = 'kind: http\nhttp: { url: "https://api.example.com/" }';
const GOOD = {
  'tools/weather/TOOL.md': `---\ndescription: The weather.\n${HTTP}\n---\n`,
  'tools/off/TOOL.md': `---\ndescription: Off.\nenabled: false\n${HTTP}\n---\n`,
};
const WARNED = { ...GOOD, 'tools/slow/TOOL.md': `---\ndescription: Slow.\npriority: low\n${HTTP}\n---\n` };
const BAD = { ...WARNED, 'tools/bad/TOOL.md': `---\ndescription: Bad.\neffects: once\n${HTTP}\n---\n` };

describe('longhaul tools', () => {
  it('list shows every tool and whether it can be called, without a gateway', async () => {
    const workspace = makeWorkspace(GOOD);
    const { stdout, stderr, status } = await longhaul(['tools', 'list', '-w', workspace]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^weather +http +repeatable +ingests_untrusted sends_out +no +ready$/m);
    expect(stdout).toMatch(/^off .* unavailable: it is disabled: write enabled: true in tools\/off\/TOOL.md$/m);
    const asJson = await longhaul(['tools', 'list', '-w', workspace, '--json']);
    const { tools } = JSON.parse(asJson.stdout) as { tools: object[] };
    expect(tools).toContainEqual(expect.objectContaining({ name: 'weather', file: 'tools/weather/TOOL.md' }));
  });

  it('validate says file, line and mend of every problem, and fails', async () => {
    const { stdout, status } = await longhaul(['tools', 'validate', '-w', makeWorkspace(BAD)]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^tools\/bad\/TOOL.md:3: effects: expected repeatable or .*got "once"; write one of/m);
    expect(stdout).toMatch(/^warning: tools\/slow\/TOOL.md:3: priority: is read with queue or background only/m);
    expect(stdout).toMatch(/^3 tools, 1 problem, 1 warning$/m);
  });

  it('validate lets warnings pass, unless it is strict', async () => {
    const workspace = makeWorkspace(WARNED);
    expect((await longhaul(['tools', 'validate', '-w', workspace])).status).toBe(0);
    expect((await longhaul(['tools', 'validate', '--strict', '-w', workspace])).status).toBe(1);
  });

  it('validate finds nothing in the sample workspace', async () => {
    const { stdout, status } = await longhaul(['tools', 'validate', '--strict', '-w', 'workspace']);
    expect([status, stdout]).toEqual([0, '1 tool, 0 problems, 0 warnings\n']);
  });
});
