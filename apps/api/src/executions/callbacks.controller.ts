import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { RemoteCallbacks } from '@longhaul/agents';
import type { FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { KeepsRawBody, rawBodyOf } from '../body/raw-body';
import { Answers, FailsOnly } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { ExecutionIdPipe } from './execution-id.pipe';

/** Where HTTP agents answer later. Asks for no key: the signature is one. */
@ApiTags('executions')
@ApiSecurity('webhookSignature')
@Controller('v1/executions')
@Access('public')
export class CallbacksController {
  constructor(private readonly callbacks: RemoteCallbacks) {}

  @Post(':id/callback')
  @HttpCode(200)
  @KeepsRawBody()
  @ApiOperation({ summary: 'An HTTP agent answers, or reports progress; signed by its secret' })
  @ApiHeader({ name: 'webhook-id', description: 'Any id of this message; signed along.', required: true })
  @ApiHeader({ name: 'webhook-timestamp', description: 'Seconds since 1970, within five minutes.', required: true })
  @ApiBody({ schema: { $ref: '#/components/schemas/Callback' } })
  @Answers(
    200,
    'Stored: from now on it is not lost. The same again is `repeated` and changes nothing.',
    'CallbackTaken',
  )
  @FailsOnly(
    'body_required',
    'invalid_json',
    'unauthenticated',
    'not_found',
    'already_answered',
    'answer_too_late',
    'payload_too_large',
    'unsupported_media_type',
    'invalid_request',
    'agent_unavailable',
    'unavailable',
    'internal_error',
  )
  async takeCallback(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() _query: NoQuery,
    @Req() request: FastifyRequest,
  ) {
    const { headers, body } = request;
    const { attempt, repeated } = await this.callbacks.accept({
      executionId: id,
      headers,
      text: rawBodyOf(request),
      body,
    });
    return { execution_id: id, attempt, repeated };
  }
}
