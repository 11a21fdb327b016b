import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Database } from '@longhaul/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIdOf } from '../submissions/trace-headers';
import { httpProblem } from './http-problem';
import { meantError, unmeantError } from './known-error';
import { pathOf, ProblemError, sendProblem } from './problem';
import type { RouteTable } from './route-table';

/** Everything that is thrown in the API as a problem. What nobody meant to throw is logged and told without its text. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  constructor(
    private readonly routes: RouteTable,
    private readonly database: Database,
    private readonly maxBodyKb: number,
  ) {}

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    sendProblem(await this.problemOf(exception, request), request, reply);
  }

  private async problemOf(exception: unknown, request: FastifyRequest): Promise<ProblemError> {
    if (exception instanceof ProblemError) return exception;
    const meant = meantError(exception);
    if (meant) return ProblemError.of(meant);
    if (exception instanceof HttpException && exception.getStatus() < 500) {
      return httpProblem(exception, request, this.routes, this.maxBodyKb);
    }
    this.logger.error(
      `${request.method} ${pathOf(request)} trace_id=${traceIdOf(request)}: ${String(exception)}`,
      exception instanceof Error ? exception.stack : undefined,
    );
    return ProblemError.of(await unmeantError(exception, this.database));
  }
}
