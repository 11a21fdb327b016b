import type { OpenAPIObject } from '@nestjs/swagger';
import type { JsonObject, JsonValue } from '@longhaul/kernel';
import { embedSchema } from './embed-schema';
import { EXAMPLES } from './examples';

/** What the document says of an agent that has schemas: its own typed operation. */
export interface DocumentedAgent {
  id: string;
  description: string;
  enabled: boolean;
  inputSchema: JsonObject | null;
  outputSchema: JsonObject | null;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['post']>;

const INVOKE = '/v1/agents/{id}/invoke';

/**
 * Gives each agent with a schema its operation, also one that is disabled: what is generated from the document must not
 * change with a switch. Its schemas become components, so that their references still lead somewhere.
 */
export function addAgentOperations(document: OpenAPIObject, agents: readonly DocumentedAgent[]): void {
  const taken = new Set<string>();
  for (const agent of agents) {
    if (agent.inputSchema === null && agent.outputSchema === null) continue;
    let operationId = `invoke_${agent.id.replaceAll('_', '__').replaceAll('-', '_')}`;
    while (taken.has(operationId)) operationId += '_';
    taken.add(operationId);
    addInvoke(document, agent, operationId);
  }
}

function addInvoke(document: OpenAPIObject, agent: DocumentedAgent, operationId: string): void {
  const generic = document.paths[INVOKE]?.post;
  if (!generic) return;
  const operation = structuredClone(generic);
  operation.operationId = operationId;
  operation.summary = `Invoke ${agent.id}`;
  const disabled = agent.enabled ? [] : ['Disabled: answers 409 `agent_disabled`.'];
  operation.description = [agent.description, ...disabled].filter((part) => part !== '').join('\n\n');
  operation.parameters = operation.parameters?.filter((parameter) => !('in' in parameter && parameter.in === 'path'));
  if (agent.inputSchema !== null) {
    const input = addComponent(document, `${operationId}_input`, agent.inputSchema);
    const typed = { type: 'object', properties: { input }, required: ['input'] };
    const example = exampleIn(agent.inputSchema);
    const content = {
      schema: { allOf: [ref('InvokeRequest'), typed] },
      ...(example === undefined ? {} : { example: { input: example } }),
    };
    operation.requestBody = { required: true, content: { 'application/json': content } };
  }
  const output =
    agent.outputSchema === null ? null : addComponent(document, `${operationId}_output`, agent.outputSchema);
  const typed = output && { allOf: [ref('Execution'), { type: 'object', properties: { output } }] };
  setAnswer(operation, '200', typed ?? ref('Execution'), completedExample(agent));
  setAnswer(operation, '202', ref('Accepted'), { ...EXAMPLES.Accepted, agent: agent.id });
  document.paths[INVOKE.replace('{id}', agent.id)] = { post: operation };
}

/** The common example with this agent's output in place of another's; what the output is, only its schema can tell. */
function completedExample({ id, outputSchema }: DocumentedAgent): object | undefined {
  const { output: _anothers, ...record } = EXAMPLES.Execution as { output: unknown };
  const output = outputSchema === null ? undefined : exampleIn(outputSchema);
  return output === undefined ? undefined : { ...record, agent: id, output };
}

function exampleIn({ examples }: JsonObject): JsonValue | undefined {
  return Array.isArray(examples) ? examples[0] : undefined;
}

function setAnswer({ responses }: Operation, status: '200' | '202', schema: object, example?: object): void {
  const response = responses[status];
  if (!response || !('description' in response)) return;
  response.content = { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}

function addComponent(document: OpenAPIObject, name: string, schema: JsonObject): { $ref: string } {
  const schemas = (document.components ??= {}).schemas ?? {};
  document.components.schemas = { ...schemas, [name]: embedSchema(schema, ref(name).$ref) };
  return ref(name);
}

function ref(component: string) {
  return { $ref: `#/components/schemas/${component}` };
}
