import { Agent, type AgentHandler } from '@longhaul/agents';
import { type ExecutionContext, ExecutionsReader } from '@longhaul/executions';
import { TestGateway } from './test-gateway';

interface Node {
  execution_id: string;
  parent_id?: string;
  status: string;
}

/** Asks itself as often, and as deep, as its input says: `[2, 1]` is two children with one child each. */
@Agent({ id: 'branching' })
class BranchingAgent implements AgentHandler {
  async run({ input, step }: ExecutionContext): Promise<null> {
    const [width = 0, ...below] = input as number[];
    const asked = Array.from({ length: width }, (_, n) =>
      step.invoke(`ask:${n}`, { agent: 'branching', input: below }),
    );
    await Promise.all(asked);
    return null;
  }
}

describe('the tree of an execution', () => {
  let gateway: TestGateway;
  beforeAll(async () => (gateway = await TestGateway.start({ agents: [BranchingAgent] })));
  afterAll(() => gateway.stop());

  async function run(input: number[]): Promise<string> {
    const { body } = await gateway.post('/v1/agents/branching/invoke', { input }, { prefer: 'respond-async' });
    const id = String(body['execution_id']);
    expect((await gateway.get(`/v1/executions/${id}?wait=20`)).body).toMatchObject({ status: 'completed' });
    return id;
  }
  async function tree(id: string) {
    const { body } = await gateway.get(`/v1/executions/${id}/tree`);
    return body as unknown as { items: Node[]; truncated: boolean };
  }

  it('has all that is below it, parents before their children', async () => {
    const id = await run([2, 1]);
    const { items, truncated } = await tree(id);
    expect(truncated).toBe(false);
    expect(items.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'completed'));
    const [top, one, other, ...grandchildren] = items;
    expect(top).toMatchObject({ execution_id: id });
    expect([one?.parent_id, other?.parent_id]).toEqual([id, id]);
    expect(new Set(grandchildren.map((node) => node.parent_id))).toEqual(
      new Set([one?.execution_id, other?.execution_id]),
    );
    expect((await tree(one?.execution_id ?? '')).items.map((node) => node.execution_id)).toEqual([
      one?.execution_id,
      grandchildren.find((node) => node.parent_id === one?.execution_id)?.execution_id,
    ]);
  });

  it('says when there is more than it may hold', async () => {
    const id = await run([3]);
    const { executions, truncated } = await gateway.app.get(ExecutionsReader).tree(id, 'local', 2);
    expect([executions.map((execution) => execution.parentId), truncated]).toEqual([[null, id], true]);
    const whole = await gateway.app.get(ExecutionsReader).tree(id, 'local', 4);
    expect([whole.executions.length, whole.truncated]).toEqual([4, false]);
  });

  it("is nobody else's", async () => {
    const id = await run([]);
    await expect(gateway.app.get(ExecutionsReader).tree(id, 'somebody-else', 9)).rejects.toThrow(/no execution/);
  });

  it('is the execution alone where nothing is below it, and nothing where there is none', async () => {
    const id = await run([]);
    expect(await tree(id)).toMatchObject({ items: [{ execution_id: id }], truncated: false });
    expect((await gateway.get('/v1/executions/exec_01JD8Z4M7T9QW2X5C6V8B0N3KP/tree')).status).toBe(404);
    expect((await gateway.get(`/v1/executions/${id}/tree?depth=1`)).status).toBe(422);
  });
});
