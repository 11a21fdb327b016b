import { Agent, request } from 'undici';
import { ExecutionsService } from '@longhaul/executions';
import { eventually } from '../../support/eventually';
import { TestGateway } from './test-gateway';

describe('A gateway that stops', () => {
  const client = new Agent({ keepAliveTimeout: 600_000, keepAliveMaxTimeout: 600_000 });
  afterAll(() => client.destroy());

  it('answers who waits with what there is, and does not wait for their connections to be of no more use', async () => {
    const gateway = await TestGateway.start({ worker: false });
    const url = await gateway.listen();
    const id = await gateway.submit('slow', { message: 'x' });
    const executions = gateway.app.get(ExecutionsService);
    const wait = executions.wait.bind(executions);
    // The answer comes when the server has long begun to close.
    const waits = jest.spyOn(executions, 'wait').mockImplementation(async (...asked) => {
      const found = await wait(...asked);
      await eventually(() => !gateway.app.getHttpServer().listening);
      return found;
    });

    const answer = request(`${url}/v1/executions/${id}?wait=60`, { dispatcher: client });
    await eventually(() => waits.mock.calls.length > 0);
    await gateway.stop();

    expect((await answer).statusCode).toBe(200);
    expect(await (await answer).body.json()).toMatchObject({ execution_id: id, status: 'queued' });
  });
});
