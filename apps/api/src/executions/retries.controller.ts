import { Body, Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RetriesService } from '@longhaul/agents';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { callerOf } from '../auth/caller';
import { LiveExecutions } from '../limits/live-executions';
import { Answers, Fails } from '../openapi/answers';
import { submissionReply } from '../submissions/submission-reply';
import { NoQuery } from '../validation/dto.pipe';
import { ExecutionIdPipe } from './execution-id.pipe';
import { changeOfRetry, RetryRequest } from './retry.dto';

@ApiTags('executions')
@Controller('v1/executions')
@Access('agents:run')
export class RetriesController {
  constructor(
    private readonly retries: RetriesService,
    private readonly live: LiveExecutions,
  ) {}

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Try a failed one anew, as a new execution; with another input where that is given',
    description:
      'The new one has `retry_of`; the failed one never changes. Asked again, it answers the same execution, unless ' +
      'that one was cancelled (there will be another) or failed (that one is tried anew). With `from_step` it begins with what was recorded of the steps that were begun before ' +
      'that one; that step, and all after it, run anew. Never waits for the end.',
  })
  @ApiBody({ type: RetryRequest, required: false })
  @Answers(202, 'Accepted: it will run. Or the execution that it is tried anew as already.', 'Accepted', {
    headers: {
      Location: 'The record of the new one.',
      'Retry-After': 'Seconds until the first look is worth its while.',
      'X-Correlation-Id': "The failed one's.",
      'Idempotency-Replayed': '`true`: it was tried anew already, nothing new was made.',
    },
  })
  @Fails(
    'invalid_json',
    'payload_too_large',
    'unsupported_media_type',
    'not_found',
    'not_failed',
    'already_retried',
    'dead_letter_handled',
    'agent_disabled',
    'agent_unavailable',
    'queue_full',
    'too_many_executions',
  )
  async retryExecution(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: RetryRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const caller = callerOf(request);
    const outcome = await this.live.asManyAs(caller, 1, () =>
      this.retries.retry(id, caller.owner, changeOfRetry(body), body.from_step),
    );
    return submissionReply({ ...outcome, plan: { waitS: 0 } }, reply);
  }
}
