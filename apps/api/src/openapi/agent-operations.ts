import type { OpenAPIObject } from '@nestjs/swagger';
import type { JsonObject } from '@longhaul/kernel';
import { embedSchema } from './embed-schema';

/** What the document says of an agent that has schemas: its own typed operation. */
export interface DocumentedAgent {
  id: string;
  description: string;
  enabled: boolean;
  inputSchema: JsonObject | null;
  outputSchema: JsonObject | null;
}

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
    const schema = { allOf: [{ $ref: '#/components/schemas/InvokeRequest' }, typed] };
    operation.requestBody = { required: true, content: { 'application/json': { schema } } };
  }
  if (agent.outputSchema !== null) {
    const output = addComponent(document, `${operationId}_output`, agent.outputSchema);
    const typed = { type: 'object', properties: { output } };
    const schema = { allOf: [{ $ref: '#/components/schemas/Execution' }, typed] };
    const ok = operation.responses['200'];
    if (ok && 'content' in ok) ok.content = { 'application/json': { schema } };
  }
  document.paths[INVOKE.replace('{id}', agent.id)] = { post: operation };
}

function addComponent(document: OpenAPIObject, name: string, schema: JsonObject): { $ref: string } {
  const $ref = `#/components/schemas/${name}`;
  const schemas = (document.components ??= {}).schemas ?? {};
  document.components.schemas = { ...schemas, [name]: embedSchema(schema, $ref) };
  return { $ref };
}
