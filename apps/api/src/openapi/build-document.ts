import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { INestApplication } from '@nestjs/common';
import { addAgentOperations, type DocumentedAgent } from './agent-operations';
import { EXAMPLES } from './examples';
import { SCHEMAS } from './schemas';

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
  addAgentOperations(document, agents);
  return document;
}
