import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  AgentRegistry,
  AgentsService,
  ConversationsService,
  DiffsService,
  ForksService,
  loadAgentFiles,
  RedriveService,
  RemoteCallbacks,
  RetriesService,
} from '@longhaul/agents';
import { ApprovalsService } from '@longhaul/approvals';
import { GATEWAY_CONFIG } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { CallbackSecrets, DeliveriesService, EndpointsService } from '@longhaul/delivery';
import {
  ConversationsReader,
  DeadLettersReader,
  DeadLettersService,
  EventFeed,
  EventLog,
  ExecutionHooks,
  ExecutionsReader,
  ExecutionsService,
  StreamTickets,
  WaitsService,
  WorkerLease,
  WorkersService,
} from '@longhaul/executions';
import { ExecutionQueue, HintBus, RequestCounters } from '@longhaul/queue';
import { Metrics } from '@longhaul/telemetry';
import { ToolRegistry } from '@longhaul/tools';
import { ApiModule } from '../api.module';
import { buildDocument } from './build-document';

const NEVER_CALLED = [
  AgentRegistry,
  AgentsService,
  ApprovalsService,
  CallbackSecrets,
  ConversationsReader,
  ConversationsService,
  Database,
  DeadLettersReader,
  DeadLettersService,
  DeliveriesService,
  DiffsService,
  EndpointsService,
  EventFeed,
  EventLog,
  ExecutionHooks,
  ExecutionQueue,
  ExecutionsReader,
  ExecutionsService,
  ForksService,
  HintBus,
  Metrics,
  RedriveService,
  RemoteCallbacks,
  RequestCounters,
  RetriesService,
  StreamTickets,
  ToolRegistry,
  WaitsService,
  WorkerLease,
  WorkersService,
].map((provide) => ({ provide, useValue: {} }));
const CONFIG = { provide: GATEWAY_CONFIG, useValue: { auth: { mode: 'none' } } };

/** Stands where the gateway would: the routes are read, not asked. */
@Global()
@Module({
  providers: [...NEVER_CALLED, CONFIG],
  exports: [...NEVER_CALLED.map(({ provide }) => provide), GATEWAY_CONFIG],
})
class NoGateway {}

/**
 * The document of a gateway that would serve this workspace, made without one: neither a database nor a broker is
 * needed. Knows the agents by their AGENT.md only.
 */
export async function workspaceDocument(workspace: string): Promise<OpenAPIObject> {
  const app = await NestFactory.create({ module: ApiModule, imports: [NoGateway] }, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  const agents = loadAgentFiles(workspace).agents.map(({ id, frontMatter }) => ({
    id,
    description: frontMatter.description ?? '',
    enabled: frontMatter.enabled ?? true,
    inputSchema: frontMatter.input_schema ?? null,
    outputSchema: frontMatter.output_schema ?? null,
  }));
  return buildDocument(app, agents);
}

/** As it is committed. */
export function documentText(document: OpenAPIObject): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
