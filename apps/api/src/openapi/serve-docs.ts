import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { DocumentedAgent } from './agent-operations';
import { buildDocument } from './build-document';

/**
 * GET /docs and GET /openapi.json, made when they are first asked for and anew when there are other agents. The page
 * loads nothing from elsewhere.
 */
export function serveDocs(app: NestFastifyApplication, agents: () => readonly DocumentedAgent[]): void {
  let made: { of: readonly DocumentedAgent[]; document: OpenAPIObject } | undefined;
  const current = () => {
    const of = agents();
    if (made?.of !== of) made = { of, document: buildDocument(app, of) };
    return made.document;
  };
  SwaggerModule.setup('docs', app, current, {
    customSiteTitle: 'Longhaul API',
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    // Swagger keeps the first one that it was given.
    patchDocumentOnRequest: current,
  });
}
