import { ApiClient } from '../support/api-client';
import { eventually } from '../support/eventually';
import { callsTools, FakeLlm, type LlmRequest, type Reply, says } from '../support/fake-llm';
import { STEADY } from './support/backlog';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const ASKED = 12;
/** From when all approvals of a round are there until they expire. */
const EXPIRES_IN_MS = 4_000;

const FILES = {
  'agents/payer/AGENT.md':
    '---\nmodel: { name: local/small }\nexecution_mode: async\ntools: [pay]\nretries: { max_retries: 0 }\n---\nYou pay.\n',
  'tools/pay/TOOL.md': `---
description: Pays.
kind: http
requires_approval: true
parameters:
  type: object
  properties: { order: { type: string }, euro: { type: integer, maximum: 100 } }
  required: [order, euro]
  additionalProperties: false
http: { method: POST, url: "\${FAULT_LEDGER_URL}/", body: { name: "{{args.order}} {{args.euro}}", executionId: "{{args.order}}" } }
---
`,
};

let llm: FakeLlm;
beforeAll(async () => {
  llm = await FakeLlm.start();
});
afterAll(() => llm.stop());

/** Wants 40 euro paid for the order that it was told of. */
function payersModel({ body }: LlmRequest): Reply {
  if (body.messages.at(-1)?.role === 'tool') return says('Done.');
  const order = / order (\S+)/.exec(body.messages.at(-1)?.content ?? '')?.[1];
  return callsTools([{ tool: 'pay', arguments: { order, euro: 40 } }]);
}

interface Approval {
  approval_id: string;
  execution_id: string;
  state: string;
  expires_at?: string;
  decision?: string;
  changed_arguments?: { euro: number };
}
interface Answer {
  status: number;
  body: Approval & { code?: string; detail?: string };
}
interface Asked {
  order: string;
  id: string;
  approval: Approval;
}

/** Executions that wait for a person: half of them tools of a model, half of them code whose question expires. */
async function asked(world: FaultWorld, expiry: boolean): Promise<Asked[]> {
  const orders = Array.from({ length: ASKED }, (_, n) => `${expiry ? 'code' : 'tool'}-${n}`);
  const submitted = await Promise.all(
    orders.map(async (order, n) => {
      const onExpiry = n % 2 === 0 ? 'approve' : 'reject';
      const id = expiry
        ? await world.work([{ op: 'approved', key: 'pay', name: order, expiresInMs: EXPIRES_IN_MS, onExpiry }])
        : await world.api.submit('payer', { message: `Pay order ${order}` });
      return { order, id };
    }),
  );
  return Promise.all(
    submitted.map(async ({ order, id }) => {
      const approval = await world.eventually(async () => {
        const { items } = await world.api.get<{ items: Approval[] }>(`/v1/approvals?execution_id=${id}`);
        return items[0] ?? false;
      });
      return { order, id, approval };
    }),
  );
}

/**
 * Two who approve, one of them with other arguments, one who rejects: by turns of either API. Some are cancelled, too:
 * before anybody has said a word, or while all do.
 */
async function raceFor({ approval, id, order }: Asked, n: number, apis: ApiClient[]): Promise<Answer[]> {
  const [api, other] = [apis[n % 2]!, apis[(n + 1) % 2]!];
  const say = async (by: ApiClient, decision: object): Promise<Answer> => {
    const response = await by.post(`/v1/approvals/${approval.approval_id}/decision`, decision);
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  if (approval.expires_at) {
    const moment = Date.parse(approval.expires_at) + (n - ASKED * 0.75) * 8;
    await eventually(() => Date.now() >= moment, { intervalMs: 1 });
  }
  const changed = { ...(approval.expires_at ? {} : { order }), euro: 7 };
  const all = [
    () => say(api, { decision: 'approve' }),
    () => say(other, { decision: 'approve', arguments: changed }),
    () => say(other, { decision: 'reject', feedback: 'No.' }),
    () => say(api, { decision: 'approve' }),
  ];
  const cancel = () => other.post(`/v1/executions/${id}/cancel`, {});
  if (n % 6 === 0) await cancel();
  const first = n % all.length;
  const answers = Promise.all([...all.slice(first), ...all.slice(0, first)].map((one) => one()));
  if (n % 6 === 3) await cancel();
  return answers;
}

/** One stands; all others were told of it; and what was approved was done once, or not at all. */
async function expectOneDecision(world: FaultWorld, one: Asked, answers: Answer[]): Promise<string> {
  const { approval_id: id } = one.approval;
  const stands = await world.api.get<Approval>(`/v1/approvals/${id}`);
  const won = answers.filter(({ status }) => status === 200);
  const others = answers.filter(({ status }) => status !== 200);
  expect([one.order, stands.state, won.length]).toEqual([one.order, stands.state, stands.state === 'decided' ? 1 : 0]);
  for (const { body } of won) {
    expect(body).toMatchObject({ state: 'decided', decision: stands.decision });
    expect(body.changed_arguments).toEqual(stands.changed_arguments);
  }
  const word = stands.decision === 'approve' ? 'approved' : 'rejected';
  const told = {
    decided: [409, 'already_decided', expect.stringContaining(`${id} was ${word} by `)],
    expired: [409, 'approval_over', expect.stringContaining(`counts as ${word}`)],
    // Its time may have been over before it was cancelled, and nobody had gone on yet.
    withdrawn: [409, 'approval_over', expect.stringMatching(/no longer asked for| expired at /)],
  }[stands.state];
  expect(others.map(({ status, body }) => [status, body.code, body.detail])).toEqual(others.map(() => told));
  const { status } = await world.api.execution(one.id);
  const isApproved = stands.state !== 'withdrawn' && stands.decision === 'approve';
  const euro = stands.changed_arguments?.euro ?? 40;
  const paid = world.ledger.effects.map(({ name }) => name).filter((name) => name.startsWith(`${one.order} `));
  // A cancel may come between the word and the deed.
  if (isApproved && (paid.length > 0 || status === 'completed')) expect(paid).toEqual([`${one.order} ${euro}`]);
  else expect(paid).toEqual([]);
  return `${stands.state}${stands.changed_arguments ? ' and changed' : ''}, ${status}`;
}

describeFault({
  id: 'F38',
  title: 'an approval is decided by many at once, at two API processes, while it expires or is cancelled: one stands',
  on: ['redis/postgres'],
  alsoOn: ['rabbitmq/postgres'],
  files: FILES,
  get env() {
    return {
      LONGHAUL_PROVIDERS: JSON.stringify({ local: { type: 'openai-compatible', base_url: llm.url } }),
      LONGHAUL_HTTP__ALLOW_PRIVATE_CIDRS: '["127.0.0.0/8"]',
      LONGHAUL_QUEUE__WORKERS: '24',
      ...STEADY,
    };
  },
  async run(world) {
    llm.reply = payersModel;
    await world.start();
    const apis = [world.api, new ApiClient((await world.fleet.startReplica()).url)];
    const seen: string[] = [];
    for (const expiry of [false, true]) {
      const all = await asked(world, expiry);
      const answers = await Promise.all(all.map((one, n) => raceFor(one, n, apis)));
      const ends = await world.ended(all.map(({ id }) => id));
      expect(ends.filter(({ status }) => status === 'failed')).toEqual([]);
      for (const [n, one] of all.entries()) seen.push(await expectOneDecision(world, one, answers[n] ?? []));
    }
    for (const end of [/decided, completed/, /expired, completed/, /withdrawn, cancelled/])
      expect(seen.join('; ')).toMatch(end);
  },
});
