import { makeWorkspace } from '@longhaul/config/testing';
import { loadToolCatalogue } from '@longhaul/tools';
import { loadCatalogue } from '../load-catalogue';

const DEFAULTS = { model: 'demo/echo', executionMode: 'sync' as const, maxRetries: 3, routes: {} };
const COMMAND = '---\ndescription: x\ntags: [sends_out]\nkind: command\ncommand: { argv: [echo] }\n---\n';

/** As `agents validate` does. */
function load(files: Record<string, string>) {
  const workspace = makeWorkspace(files);
  const settings = {
    workspace,
    allowPrivateCidrs: [],
    expand: (value: string) => ({ value }),
    variable: () => undefined,
  };
  return loadCatalogue(workspace, DEFAULTS, loadToolCatalogue(settings).definitions);
}

describe('an agent', () => {
  it.each<[string, string, string, string, string]>([
    [
      'asks another agent',
      'delegates_to: [billing]\ntools: [ask_billing]',
      'ask_billing',
      'agents/a/AGENT.md:3',
      'asks the agent "billing"',
    ],
    ['asks a person', 'tools: [request_approval]', 'request_approval', 'agents/a/AGENT.md:2', 'asks a person'],
    [
      'asks another agent, in a skill',
      'delegates_to: [billing]\nskills: [money]',
      'ask_billing',
      'skills/money/SKILL.md:2',
      'asks the agent "billing"',
    ],
  ])('does not load with a tool of the name of the one that %s', (_, front, name, path, asks) => {
    const { definitions, problems } = load({
      'agents/a/AGENT.md': `---\n${front}\n---\nx`,
      'agents/billing/AGENT.md': 'x',
      'skills/money/SKILL.md': '---\ntools: [ask_billing]\n---\nx',
      [`tools/${name}/TOOL.md`]: COMMAND,
    });
    const message = `its tool "${name}" (tools/${name}/TOOL.md) has the name of the one that ${asks}`;
    const hint = 'rename the tool, or take it from the agent: a model is offered each name once';
    expect(problems).toEqual([{ path, message, hint }]);
    expect(definitions.map(({ id }) => id)).toEqual(['billing']);
  });

  it('loads with a tool of such a name when it asks nobody', () => {
    const files = { 'agents/a/AGENT.md': '---\ntools: [ask_billing]\n---\nx', 'tools/ask_billing/TOOL.md': COMMAND };
    const { definitions, problems } = load(files);
    expect(problems).toEqual([]);
    expect(definitions[0]?.tools).toEqual(['ask_billing']);
  });
});
