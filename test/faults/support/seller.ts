import { callsTools, type LlmRequest, type Reply, says } from '../../support/fake-llm';

/** Each tool by what calling it twice means; what it does to the outside world is in the ledger. */
const TOOLS = { look: 'repeatable', charge: 'idempotent', ship: 'at_most_once' } as const;

/** What its model wants called, turn by turn; after the last it has something to say. */
const TURNS: (keyof typeof TOOLS)[][] = [
  ['look', 'look'],
  ['charge'],
  ['look', 'charge'],
  ['ship'],
  ['look', 'charge'],
  ['charge'],
  ['look', 'ship', 'charge'],
];
/** Twelve calls of tools between eight of the model. */
export const STEPS = TURNS.flat().length + TURNS.length + 1;

const AGENT = `---
model: { name: local/small }
execution_mode: async
tools: [${Object.keys(TOOLS).join(', ')}]
retries: { max_retries: 0 }
---
You sell.
`;
const toolFile = (effects: string) => `---
description: Does it.
kind: http
effects: ${effects}
parameters:
  type: object
  properties: { order: { type: string }, step: { type: string } }
  required: [order, step]
http:
  method: POST
  url: "\${FAULT_LEDGER_URL}/"
  body: { name: "{{args.order}} {{args.step}}", executionId: "{{args.order}}", stepKey: "{{args.step}}" }
---
`;

/** An agent of AGENT.md and TOOL.md alone: it needs a provider `local`, and may call the ledger. */
export const SELLER: Record<string, string> = {
  'agents/seller/AGENT.md': AGENT,
  ...Object.fromEntries(
    Object.entries(TOOLS).map(([name, effects]) => [`tools/${name}/TOOL.md`, toolFile(effects)] as const),
  ),
};

/** The keys of the steps in which a tool with these effects is called. */
export function stepsWith(effects: (typeof TOOLS)[keyof typeof TOOLS]): string[] {
  return TURNS.flatMap((tools, turn) =>
    tools.flatMap((tool, n) => (TOOLS[tool] === effects ? [`tool:${turn + 1}:${n + 1}`] : [])),
  );
}

/** A moment in the life of an order. `asked`: in the middle of the step. `answered`: when its answer is just out. */
export interface Point {
  step: string;
  when: 'asked' | 'halfway' | 'answered';
}

/** The model of the seller: it says the same however often it is asked, and stands still where it is told to. */
export class SellersModel {
  /** Each question, by the order that it is about and the step that it is asked in. */
  readonly asked: { order: string; step: string }[] = [];
  private readonly held = new Map<string, { when: Point['when']; answered: PromiseWithResolvers<void> }>();

  /** For `FakeLlm.reply`. */
  readonly reply = async ({ body }: LlmRequest): Promise<Reply> => {
    const order = / order (\S+)/.exec(body.messages.find(({ role }) => role === 'user')?.content ?? '')?.[1] ?? '';
    const turn = body.messages.filter(({ role }) => role === 'assistant').length + 1;
    const step = `model:${turn}`;
    this.asked.push({ order, step });
    const held = this.held.get(`${order} ${step}`);
    if (held && held.when !== 'answered') return { kind: 'hang', text: held.when === 'halfway' ? 'I sell, and' : '' };
    await held?.answered.promise;
    const tools = TURNS[turn - 1] ?? [];
    if (tools.length === 0) return says(`Order ${order} is sold.`);
    const calls = tools.map((tool, n) => ({ tool, arguments: { order, step: `tool:${turn}:${n + 1}` } }));
    return callsTools(calls, { text: `Turn ${turn}.` });
  };

  hold(order: string, { step, when }: Point): void {
    this.held.set(`${order} ${step}`, { when, answered: Promise.withResolvers<void>() });
  }

  /** Answers what waits for an answer, and stands still nowhere any more. */
  release(): void {
    for (const { answered } of this.held.values()) answered.resolve();
    this.held.clear();
  }

  times(order: string, step: string): number {
    return this.asked.filter((one) => one.order === order && one.step === step).length;
  }
}
