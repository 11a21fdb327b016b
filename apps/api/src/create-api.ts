import type { Server } from 'node:http';
import type { DynamicModule, LoggerService, LogLevel, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgentsService } from '@longhaul/agents';
import type { GatewayConfig } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import { Metrics } from '@longhaul/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiModule } from './api.module';
import { AuthGuard } from './auth/auth.guard';
import { registerJsonBodyParser } from './body/json-body-parser';
import { serveDocs } from './openapi/serve-docs';
import { ProblemError, sendProblem } from './problems/problem';
import { ProblemFilter } from './problems/problem.filter';
import { RouteTable } from './problems/route-table';
import { type RequestHooks, requestHooks } from './telemetry/request-hooks';
import { acceptUpgrades } from './streams/accept-upgrades';
import { DtoPipe } from './validation/dto.pipe';

export interface CreateApiOptions {
  /** `CoreModule.forRoot(…)`: the same object that the worker of this process gets. */
  gateway: DynamicModule;
  config: GatewayConfig;
  /** What else lives in this process: the worker, modules of the operator's own. */
  modules?: (Type | DynamicModule)[];
  logger?: LoggerService | LogLevel[] | false;
}

/** How often a closing server looks for connections that have nothing more to wait for. */
const IDLE_LOOK_MS = 50;
/** Above any id there is: what is longer is no route. */
const MAX_PATH_PARAMETER = 1_024;

/** The HTTP application, configured and not yet initialised: `init()` it for tests, `listen()` to serve. */
export async function createApi(options: CreateApiOptions): Promise<NestFastifyApplication> {
  const { gateway, config, modules = [], logger } = options;
  const routes = new RouteTable();
  const adapter = createAdapter(config.server, routes);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: ApiModule, imports: [gateway, ...modules] },
    adapter,
    { bodyParser: false, abortOnError: false, ...(logger === undefined ? {} : { logger }) },
  );
  app.useGlobalGuards(app.get(AuthGuard));
  app.useGlobalPipes(new DtoPipe());
  app.useGlobalFilters(new ProblemFilter(routes, app.get(Database), config.server.maxBodyKb));
  observe(adapter, requestHooks(app.get(Metrics), config));
  serveDocs(app, () => app.get(AgentsService).catalogue());
  return app;
}

/** Before the first route: Fastify gives each the hooks that it finds then. */
function observe(adapter: FastifyAdapter, { onRequest, preValidation, onResponse }: RequestHooks): void {
  const instance = adapter.getInstance();
  for (const hook of onRequest) instance.addHook('onRequest', hook);
  for (const hook of preValidation) instance.addHook('preValidation', hook);
  for (const hook of onResponse) instance.addHook('onResponse', hook);
}

/** A server that closes waits for its connections, and one whose last answer came after that is kept alive for minutes. */
function hangUpWhenIdle(server: Server): void {
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS).unref();
  server.once('close', () => clearInterval(sweep));
}

function createAdapter({ maxBodyKb, trustProxy }: GatewayConfig['server'], routes: RouteTable): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyKb * 1_024,
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    // What the router itself refuses: a path with a broken escape, or longer than any of ours.
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const message = 'no such route: the path is malformed or too long; GET /docs lists the routes';
      sendProblem(ProblemError.of(new LonghaulError('not_found', message)), request, reply);
    },
  });
  const instance = adapter.getInstance();
  routes.watch(instance);
  acceptUpgrades(instance);
  registerJsonBodyParser(instance);
  instance.addHook('preClose', (done) => {
    hangUpWhenIdle(instance.server);
    done();
  });
  instance.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  return adapter;
}
