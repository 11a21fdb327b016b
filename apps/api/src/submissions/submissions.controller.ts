import { Body, Controller, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import type { ErrorCode } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentIdPipe } from '../agents/agent-id.pipe';
import { Access } from '../auth/access';
import { callerOf, Owner } from '../auth/caller';
import { Answers, Fails, SubmissionHeaders } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { hangUpSignal } from './hang-up';
import { parsePrefer } from './prefer';
import { notifyOf } from './notify-of';
import { submissionReply } from './submission-reply';
import { SubmissionsService } from './submissions.service';
import { ChatRequest, InvokeRequest } from './submission.dto';
import { toSubmitRequest } from './submit-request.mapper';

const FAILURES = [
  'body_required',
  'invalid_json',
  'payload_too_large',
  'unsupported_media_type',
  'not_found',
  'agent_disabled',
  'agent_unavailable',
  'idempotency_key_reused',
  'not_supported',
  'queue_full',
  'too_many_executions',
  'agent_error',
  'provider_error',
  'timeout',
  'cancelled',
] as const satisfies ErrorCode[];
const ACCEPTED = 'Accepted: it will run. Also a synchronous one that outlived server.sync_wait_s.';
const ACCEPTED_HEADERS = {
  Location: 'The record.',
  'Retry-After': 'Seconds until the first look is worth its while.',
  'X-Correlation-Id': "The caller's, or the one that was made.",
  'Idempotency-Replayed': '`true`: the key was known, nothing new was made.',
  'Preference-Applied': 'What was made of Prefer; always there with backend none.',
};
const FINISHED = 'A synchronous one that completed while the request waited.';

/** The hot path: a submission without waiting is one transaction and no more. */
@ApiTags('agents')
@Controller('v1/agents/:id')
@Access('agents:run')
@ApiParam({ name: 'id', example: 'research-agent' })
export class SubmissionsController {
  constructor(
    private readonly submissions: SubmissionsService,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  @Post('chat')
  @ApiOperation({ summary: 'Ask an agent; multi-turn with conversation_id' })
  @SubmissionHeaders()
  @Answers(202, ACCEPTED, 'Accepted', { headers: ACCEPTED_HEADERS })
  @Answers(200, FINISHED, 'Execution')
  @Fails(...FAILURES)
  chat(
    @Param('id', AgentIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: ChatRequest,
    @Owner() owner: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.submit(id, owner, body, request, reply);
  }

  @Post('invoke')
  @ApiOperation({ summary: 'Call an agent with an input that fits its schema; single-turn' })
  @SubmissionHeaders()
  @Answers(202, ACCEPTED, 'Accepted', { headers: ACCEPTED_HEADERS })
  @Answers(200, FINISHED, 'Execution')
  @Fails(...FAILURES)
  invoke(
    @Param('id', AgentIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: InvokeRequest,
    @Owner() owner: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return this.submit(id, owner, body, request, reply);
  }

  private async submit(
    id: string,
    owner: string,
    body: ChatRequest | InvokeRequest,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<object> {
    const notify = notifyOf(body, this.config);
    const command = { ...toSubmitRequest(id, owner, body, request), ...(notify === undefined ? {} : { notify }) };
    const prefer = parsePrefer(request.headers.prefer);
    const submitted = await this.submissions.submit(callerOf(request), command, prefer, () => hangUpSignal(reply));
    return submissionReply(submitted, reply);
  }
}
