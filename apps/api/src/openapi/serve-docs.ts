import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { DocumentedAgent } from './agent-operations';
import { buildDocument } from './build-document';

/** GET /docs and GET /openapi.json, made when they are first asked for. The page loads nothing from elsewhere. */
export function serveDocs(app: NestFastifyApplication, agents: () => readonly DocumentedAgent[]): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildDocument(app, agents())), {
    customSiteTitle: 'Longhaul API',
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
  });
}
