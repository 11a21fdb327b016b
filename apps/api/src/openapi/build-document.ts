import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';
import type { JsonObject } from '@longhaul/kernel';
import { EXAMPLES } from './examples';
import { SCHEMAS } from './schemas';

/** What the document says of an agent that has schemas: its own typed operation. */
export interface DocumentedAgent {
  id: string;
  description: string;
  inputSchema: JsonObject | null;
  outputSchema: JsonObject | null;
}

const INVOKE = '/v1/agents/{id}/invoke';

/** The OpenAPI document of the routes of `app` and of these agents. */
export function buildDocument(app: INestApplication, agents: readonly DocumentedAgent[]): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Longhaul')
    .setDescription('The gateway for AI agents that take longer than an HTTP request may.')
    .setVersion('1')
    .setLicense('MIT', '')
    .addSecurity('bearer', {
      type: 'http',
      scheme: 'bearer',
      description: 'An API key. Not asked for with auth.mode none.',
    })
    .addSecurity('webhookSignature', {
      type: 'apiKey',
      in: 'header',
      name: 'webhook-signature',
      description: "Standard Webhooks, by the agent's http.secret.",
    })
    .addSecurityRequirements('bearer')
    .build();
  delete config.info.license?.url;
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
  });
  const problem = { ...SCHEMAS.Problem, examples: [EXAMPLES.Problem] };
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...SCHEMAS, Problem: problem },
  };
  for (const agent of agents) addInvoke(document, agent);
  return document;
}

function addInvoke(document: OpenAPIObject, agent: DocumentedAgent): void {
  const generic = document.paths[INVOKE]?.post;
  if (!generic || (agent.inputSchema === null && agent.outputSchema === null)) return;
  const operation = structuredClone(generic);
  operation.operationId = `invoke_${agent.id.replaceAll('-', '_')}`;
  operation.summary = `Invoke ${agent.id}`;
  operation.description = agent.description;
  operation.parameters = operation.parameters?.filter((parameter) => !('in' in parameter && parameter.in === 'path'));
  if (agent.inputSchema !== null) {
    const typed = { type: 'object', properties: { input: agent.inputSchema }, required: ['input'] };
    const schema = { allOf: [{ $ref: '#/components/schemas/InvokeRequest' }, typed] };
    operation.requestBody = { required: true, content: { 'application/json': { schema } } };
  }
  if (agent.outputSchema !== null) {
    const typed = { type: 'object', properties: { output: agent.outputSchema } };
    const schema = { allOf: [{ $ref: '#/components/schemas/Execution' }, typed] };
    const ok = operation.responses['200'];
    if (ok && 'content' in ok) ok.content = { 'application/json': { schema } };
  }
  document.paths[INVOKE.replace('{id}', agent.id)] = { post: operation };
}
