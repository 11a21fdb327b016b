import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { ConfigurationError } from '@longhaul/kernel';
import { Metrics } from '@longhaul/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { checkJson } from '../body/check-json';
import { refuseMediaType } from '../body/media-type';
import { acceptUpgrades } from '../streams/accept-upgrades';
import { parserProblem } from './parser-problem';
import { requestHooks } from '../telemetry/request-hooks';
import { sendProblem } from '../problems/problem';

/** What tells our routes from the host's, in Fastify's configuration of a route. */
export const MOUNTED = { longhaul: true };

/**
 * What Fastify does for our routes and no others: the body limit, what the body parser of the host lets through, and
 * errors before Nest is asked.
 */
@Injectable()
export class MountedRoutes {
  constructor(
    private readonly host: HttpAdapterHost,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
    private readonly metrics: Metrics,
  ) {}

  /** Before the first route is registered. Throws `ConfigurationError` on another platform than Fastify. */
  prepare(): void {
    const { httpAdapter } = this.host;
    if (httpAdapter.getType() !== 'fastify') {
      throw new ConfigurationError(
        `the HTTP API needs Fastify, this application runs on ${httpAdapter.getType() || 'another platform'}: create it ` +
          'with new FastifyAdapter(), or set api: false and write routes of your own over GatewayService',
      );
    }
    const { maxBodyKb } = this.config.server;
    const hooks = requestHooks(this.metrics, this.config);
    const instance = httpAdapter.getInstance<FastifyInstance>();
    acceptUpgrades(instance, ({ config }) => isMounted(config));
    instance.addHook('onRoute', (route) => {
      if (!isMounted(route.config)) return;
      route.bodyLimit = maxBodyKb * 1_024;
      route.onRequest = [route.onRequest ?? [], hooks.onRequest, noSniff].flat();
      route.preValidation = [route.preValidation ?? [], hooks.preValidation, checkBody].flat();
      route.onResponse = [route.onResponse ?? [], hooks.onResponse].flat();
      route.errorHandler = (error, request, reply) =>
        sendProblem(parserProblem(error, request, maxBodyKb), request, reply);
    });
  }
}

function isMounted(config: object | undefined): boolean {
  return config !== undefined && 'longhaul' in config;
}

function noSniff(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header('x-content-type-options', 'nosniff');
  done();
}

/** The host may parse more than JSON, and less carefully. */
function checkBody(request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
  try {
    if (request.body !== undefined && request.body !== null) {
      refuseMediaType(request);
      checkJson(request.body, true);
    }
    done();
  } catch (error) {
    done(error as Error);
  }
}
