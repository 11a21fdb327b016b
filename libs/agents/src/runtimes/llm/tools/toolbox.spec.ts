import type { ApprovalDecision, ExecutionContext, StepContext } from '@longhaul/executions';
import type { JsonObject } from '@longhaul/kernel';
import type { Tool } from '@longhaul/tools';
import { Toolbox } from './toolbox';

const REFUND = {
  name: 'refund',
  description: 'Sends money back.',
  parameters: { type: 'object', properties: { euro: { type: 'number', maximum: 10 } }, required: ['euro'] },
  effects: 'at_most_once',
  tags: [],
  requiresApproval: true,
  timeoutMs: 1_000,
  maxResultChars: 100,
} as unknown as Tool['definition'];

describe('what a person has approved', () => {
  const called: JsonObject[] = [];
  const agent = {
    tools: ['refund'],
    mcpServers: [],
    delegatesTo: [],
    requiresApproval: false,
    approvalTerms: { onExpiry: 'reject' },
  } as const;

  /** Asked for 10 euro; the person says this. */
  async function told(decision: Partial<ApprovalDecision>): Promise<string | undefined> {
    called.length = 0;
    const run = (args: JsonObject) => {
      called.push(args);
      return Promise.resolve('sent back');
    };
    const tool: Tool = { definition: REFUND, run };
    const step = {
      waitForApproval: () => Promise.resolve({ approved: true, arguments: { euro: 10 }, feedback: null, ...decision }),
      run: (_: string, fn: (step: StepContext) => unknown) =>
        fn({ signal: new AbortController().signal } as StepContext),
    };
    const context = { step, events: { append: () => Promise.resolve() } } as unknown as ExecutionContext;
    const from = {
      registry: { find: () => tool },
      servers: { ready: () => Promise.resolve(), toolsOf: () => [] },
      calls: { make: (one: Tool, args: JsonObject) => one.run(args, {} as never) },
      agents: { find: () => undefined },
      jobs: {} as never,
    };
    const [message] = await new Toolbox(agent, from, context).callAll(1, [
      { id: 'call_1', name: 'refund', arguments: { euro: 10 } },
    ]);
    return message?.text;
  }

  it('is what the tool is called with', async () => {
    expect(await told({ arguments: { euro: 4 } })).toContain('sent back');
    expect(called).toEqual([{ euro: 4 }]);
  });

  it('is not done where it does not fit the tool any more, as that is now', async () => {
    // Approved when the tool took up to 100.
    expect(await told({ arguments: { euro: 40 } })).toMatch(
      /refund was not called, its arguments do not fit:\n- .*<= 10/,
    );
    expect(called).toEqual([]);
  });
});
