import type { ExecutionView } from '../support/api-client';
import { STEADY } from './support/backlog';
import { describeFault } from './support/describe-fault';
import type { FaultWorld } from './support/fault-world';

const KEY = { 'idempotency-key': 'the order of the client' };

async function submit(world: FaultWorld): Promise<ExecutionView> {
  const body = { input: { do: [{ op: 'effect', name: 'done' }] } };
  const response = await world.api.post('/v1/agents/work/invoke', body, KEY);
  return (await response.json()) as ExecutionView;
}

/** The API is dead, and what it had accepted is done: once, and its client finds it again. */
async function isDoneOnce(world: FaultWorld): Promise<void> {
  if (world.apart) await world.ledger.happened('done');
  await world.startApi();
  const { execution_id } = await submit(world);
  const execution = await world.end(execution_id);
  expect(execution).toMatchObject({ status: 'completed', attempt: 1 });
  expect(await world.api.executions()).toHaveLength(1);
  expect(world.ledger.effects).toHaveLength(1);
}

describeFault({
  id: 'F4',
  title: 'the API is killed after its commit and before it rings; an idle worker finds the execution, the client too',
  on: ['memory/sqlite', 'redis/postgres'],
  alsoOn: ['memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const api = await world.startApi({ at: { 'api.submitted': { do: 'kill' } } });
    if (world.apart) await world.startWorker();
    await expect(submit(world)).rejects.toThrow();
    await api.death();
    await isDoneOnce(world);
  },
  red: [{ without: 'idle-claim', on: 'memory/sqlite', seen: /not terminal: \S+ queued/ }],
});

describeFault({
  id: 'F5',
  title: 'the API is killed right after the broker took its ring; the execution runs once, the client finds it again',
  on: ['redis/postgres'],
  alsoOn: ['memory/sqlite', 'memory/postgres', 'redis/sqlite', 'rabbitmq/postgres', 'rabbitmq/sqlite'],
  env: STEADY,
  async run(world) {
    const api = await world.startApi({ at: { 'api.rung': { do: 'kill' } } });
    if (world.apart) await world.startWorker();
    // Whether its answer still left is chance.
    await submit(world).catch(() => undefined);
    await api.death();
    await isDoneOnce(world);
  },
});
