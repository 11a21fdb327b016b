import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Failpoint } from '@longhaul/kernel';
import { freePort } from '../support/free-port';
import { MortalGateway } from '../support/mortal-gateway';

/** Sleeps, asks another agent twice at once, and leaves a line in a file, which is the outside world, for each step. */
const AGENTS = `
import { appendFileSync } from 'node:fs';
import { defineAgent } from 'longhaul';
const does = (line) => appendFileSync(new URL('done.txt', import.meta.url), line + '\\n');
export const Chief = defineAgent({ id: 'chief', executionMode: 'async', maxRetries: 0 }, async ({ step }) => {
  await step.run('first', ({ idempotencyKey }) => does('first ' + idempotencyKey), { effects: 'idempotent' });
  await step.sleep('nap', 50);
  const answers = await Promise.all([
    step.invoke('one', { agent: 'clerk', input: 1 }),
    step.invoke('other', { agent: 'clerk', input: 2 }),
  ]);
  await step.run('last', ({ idempotencyKey }) => does('last ' + idempotencyKey), { effects: 'idempotent' });
  return answers;
});
export const Clerk = defineAgent({ id: 'clerk', executionMode: 'async', maxRetries: 0 }, async ({ step, input }) =>
  step.run('work', ({ idempotencyKey }) => { does('work ' + idempotencyKey); return input * 10; }, { effects: 'idempotent' }),
);
`;

/** Where the process dies: at the nth passing of each, over parent and children alike. */
const POINTS: [Failpoint, number][] = [
  ['step.started', 1],
  ['step.started', 2],
  ['step.started', 3],
  ['worker.ending', 1],
  ['worker.ending', 2],
  ['worker.claimed', 2],
  ['worker.claimed', 3],
  ['step.recorded', 2],
  ['step.recorded', 3],
  ['api.submitted', 1],
];

describe('an execution that waits, whose process is killed', () => {
  let gateway: MortalGateway;
  beforeEach(async () => {
    gateway = new MortalGateway(
      { 'gateway.yaml': 'extensions: [./agents.mjs]', 'agents.mjs': AGENTS },
      await freePort(),
    );
  });
  afterEach(() => gateway.stop());

  it.each(POINTS)('at %s (%i), goes on where it was', async (point, nth) => {
    const victim = await gateway.start({ at: { [point]: { do: 'kill', nth } } });
    // Whether the answer came or not: a submission that is committed is kept.
    const response = await gateway.api
      .post('/v1/agents/chief/invoke', { input: {} }, { 'idempotency-key': 'once' })
      .catch(() => null);
    await victim.death();
    await gateway.start();
    const again = response?.ok
      ? response
      : await gateway.api.post('/v1/agents/chief/invoke', { input: {} }, { 'idempotency-key': 'once' });
    const { execution_id: id } = (await again.json()) as { execution_id: string };
    expect(await gateway.api.execution(id, 30)).toMatchObject({ status: 'completed', output: [10, 20], attempt: 1 });
    const done = readFileSync(join(gateway.workspace, 'done.txt'), 'utf8').trim().split('\n');
    // What ran twice came with the same key: four things were done.
    expect(new Set(done).size).toBe(4);
    const list = await gateway.api.get<{ items: unknown[] }>('/v1/executions');
    expect(list.items).toHaveLength(3);
    const keys = (await gateway.steps(id)).map(({ key, status }) => `${key} ${status}`);
    expect(keys.toSorted()).toEqual(['first', 'last', 'nap', 'one', 'other'].map((key) => `${key} completed`));
  });
});
