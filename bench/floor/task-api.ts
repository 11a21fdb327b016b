import fastify from 'fastify';
import { type JsonValue, newId } from '@longhaul/kernel';
import { countAccepted } from '../targets/child';
import { type AgentName, WORKLOAD } from '../workload';

export interface Task {
  id: string;
  agent: AgentName;
  input: JsonValue;
}

/** What stands behind the bare HTTP face of a floor or a peer. */
export interface TaskStore {
  /** Resolves when the task is stored. */
  submit(task: Task): Promise<void>;
  /** The stored result, or null when there is none after that time. */
  result(id: string, waitMs: number): Promise<JsonValue>;
}

/** Longhaul's two routes without anything that makes it Longhaul. Answers the address. */
export async function serveTasks(store: TaskStore): Promise<string> {
  const app = fastify();
  app.post<{ Params: { agent: AgentName }; Body: JsonValue }>('/v1/agents/:agent/chat', (request, reply) => {
    const { agent } = request.params;
    const id = newId('exec');
    if (WORKLOAD[agent].slots > 0) countAccepted();
    return store.submit({ id, agent, input: request.body }).then(() => {
      reply.code(202);
      return { execution_id: id, status: 'queued' };
    });
  });
  app.get<{ Params: { id: string }; Querystring: { wait?: string } }>('/v1/executions/:id', (request) => {
    const { id } = request.params;
    const waitMs = Number(request.query.wait ?? 0) * 1_000;
    return store
      .result(id, waitMs)
      .then((output) => ({ execution_id: id, status: output === null ? 'queued' : 'completed', output }));
  });
  return app.listen({ port: 0, host: '127.0.0.1' });
}
