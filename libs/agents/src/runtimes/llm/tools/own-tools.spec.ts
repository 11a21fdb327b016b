import type { ExecutionContext } from '@longhaul/executions';
import type { Tool } from '@longhaul/tools';
import type { AgentDefinition } from '../../../definition/agent-definition';
import { Toolbox } from './toolbox';

/** The names that the model of an agent with these tools and delegates is offered. */
function offered(tools: string[], delegatesTo: string[]): string[] {
  const definition = (name: string) => ({ name, description: '', parameters: {}, tags: [] });
  const from = {
    registry: { find: (name: string) => ({ definition: definition(name) }) as unknown as Tool },
    servers: { ready: () => Promise.resolve(), toolsOf: () => [] },
    calls: { make: () => Promise.resolve(null) },
    jobs: {} as never,
    agents: {
      find: (id: string) => ({ id, description: '', enabled: true, tools: [], mcpServers: [], delegatesTo: [] }) as unknown as AgentDefinition, // prettier-ignore
    },
  };
  const agent = {
    tools,
    mcpServers: [],
    delegatesTo,
    requiresApproval: false,
    approvalTerms: { onExpiry: 'reject' },
  } as const;
  return new Toolbox(agent, from, {} as ExecutionContext).offered().map(({ name }) => name);
}

describe('the tools of the loop itself', () => {
  it('are not mistaken for each other when the ids of agents are long and begin alike', () => {
    const long = 'a'.repeat(60);
    expect(offered([], ['billing', `${long}-b`, `${long}-c`, long])).toEqual([
      'ask_billing',
      expect.stringMatching(/^ask_a{51}_[0-9a-f]{8}$/),
      expect.stringMatching(/^ask_a{51}_[0-9a-f]{8}$/),
      `ask_${long}`,
    ]);
    expect(new Set(offered([], [`${long}-b`, `${long}-c`])).size).toBe(2);
  });

  it('are offered once where another has their name', () => {
    expect(offered(['weather', 'ask_billing', 'request_approval'], ['billing'])).toEqual([
      'weather',
      'request_approval',
      'ask_billing',
    ]);
  });
});
