import { Controller, Get, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { HealthCheckService } from '@nestjs/terminus';
import { isJsonObject, LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { Answers, FailsOnly } from '../openapi/answers';
import { ProblemError, sendProblem } from '../problems/problem';
import { Dependencies } from './dependencies';

@ApiTags('health')
@ApiSecurity({})
@Controller('health')
@Access('public')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly dependencies: Dependencies,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @Answers(200, 'It does.', 'Health')
  getLive() {
    return { status: 'ok', details: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether requests should be sent here, with each dependency and its state' })
  @Answers(200, 'Yes; `degraded` when something is missing that requests can do without.', 'Health')
  @FailsOnly('unavailable', 'internal_error')
  async getReady(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    try {
      const { status, details } = await this.health.check(this.dependencies.indicatorsOf());
      reply.send({ status, details });
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const { details } = error.getResponse() as { details: Record<string, unknown> };
      sendProblem(ProblemError.of(notReady(details)), request, reply, { details });
    }
  }
}

function notReady(details: Record<string, unknown>): LonghaulError {
  const issues = Object.entries(details).flatMap(([path, state]) =>
    isJsonObject(state) && state.status === 'down' ? [{ path, message: messageOf(state.message) }] : [],
  );
  const causes = issues.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new LonghaulError('unavailable', `not ready: ${causes}`, { retryable: true, issues });
}

/** A refused dual-stack connect has no message. */
function messageOf(message: unknown): string {
  return typeof message === 'string' && message !== '' ? message : 'does not answer';
}
