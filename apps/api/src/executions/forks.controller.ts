import { Body, Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ForksService } from '@longhaul/agents';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, assertScope } from '../auth/access';
import { callerOf } from '../auth/caller';
import { LiveExecutions } from '../limits/live-executions';
import { Answers, Fails } from '../openapi/answers';
import { submissionHeaders } from '../submissions/submission-headers';
import { submissionReply } from '../submissions/submission-reply';
import { NoQuery } from '../validation/dto.pipe';
import { ExecutionIdPipe } from './execution-id.pipe';
import { ForkExecutionRequest, toForkRequest } from './fork.dto';

@ApiTags('executions')
@Controller('v1/executions')
@Access('agents:run')
export class ForksController {
  constructor(
    private readonly forks: ForksService,
    private readonly live: LiveExecutions,
  ) {}

  @Post(':id/fork')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Do one that is over again from a step on, with something changed, as a new execution',
    description:
      'The new one has `forked_from`; the other one never changes. What was recorded before `from_step` is shared: not ' +
      'done again, not paid again. What a person had to decide is asked anew. A fork is no turn of a conversation: it ' +
      'knows what was said before, and adds nothing. Never waits for the end.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    description: 'The same key and body give the same execution, for 24 h unless configured otherwise.',
    schema: { type: 'string', maxLength: 255 },
    required: false,
  })
  @ApiBody({ type: ForkExecutionRequest, required: false })
  @Answers(202, 'Accepted: it will run.', 'Accepted', {
    headers: {
      Location: 'The record of the new one.',
      'Retry-After': 'Seconds until the first look is worth its while.',
      'X-Correlation-Id': "The caller's, or the other one's.",
      'Idempotency-Replayed': '`true`: the key was known, nothing new was made.',
    },
  })
  @Fails(
    'invalid_json',
    'payload_too_large',
    'unsupported_media_type',
    'not_found',
    'not_over',
    'agent_disabled',
    'agent_unavailable',
    'idempotency_key_reused',
    'queue_full',
    'too_many_executions',
  )
  async forkExecution(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: ForkExecutionRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const caller = callerOf(request);
    // They replace what the operator has written, and what code takes for its own: more than running an agent is.
    if (body.prompt !== undefined || body.model !== undefined || body.step_results !== undefined)
      assertScope(caller, 'admin');
    const fork = { ...toForkRequest(body), ...submissionHeaders(request, `executions/${id}/fork`) };
    const outcome = await this.live.within(caller, { owner: caller.owner, ...fork }, () =>
      this.forks.fork(id, caller.owner, fork),
    );
    return submissionReply({ ...outcome, plan: { waitS: 0 } }, reply);
  }
}
