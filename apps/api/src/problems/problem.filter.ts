import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Database } from '@longhaul/database';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { traceIdOf } from '../submissions/trace-headers';
import { httpProblem } from './http-problem';
import { isDatabaseAway, isDiskFull } from './is-database-away';
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
    if (exception instanceof LonghaulError && exception.code !== 'internal_error') return ProblemError.of(exception);
    if (exception instanceof HttpException && exception.getStatus() < 500) {
      return httpProblem(exception, request, this.routes, this.maxBodyKb);
    }
    this.logger.error(
      `${request.method} ${pathOf(request)} trace_id=${traceIdOf(request)}: ${String(exception)}`,
      exception instanceof Error ? exception.stack : undefined,
    );
    if (await isDatabaseAway(exception, this.database)) {
      const reason = isDiskFull(exception) ? "the database's disk is full" : 'the database does not answer';
      return ProblemError.of(
        new LonghaulError('unavailable', `${reason}; nothing is known to be accepted, try again`, { retryable: true }),
      );
    }
    return ProblemError.of(new LonghaulError('internal_error', 'the gateway failed; its log has the trace_id'));
  }
}
