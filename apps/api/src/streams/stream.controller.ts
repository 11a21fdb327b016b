import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { callerIfKnown } from '../auth/caller';
import { loginOf, TakesTickets } from '../auth/takes-tickets';
import { clientAddress } from '../limits/client-address';
import { AnswersNothing, Fails } from '../openapi/answers';
import { TextField } from '../validation/fields';
import { upgradeOf } from './accept-upgrades';
import { refuseForeignOrigin } from './refuse-foreign-origin';
import { StreamSockets } from './stream-sockets';

export class StreamQuery {
  @TextField({ description: 'Of `POST /v1/stream-tickets`, where no Authorization can be sent.', max: 200 })
  ticket?: string;
}

@ApiTags('executions')
@Controller('v1/stream')
@Access('executions:read')
export class StreamController {
  constructor(
    private readonly sockets: StreamSockets,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  @Get()
  @TakesTickets(true)
  @ApiOperation({
    summary: 'A WebSocket that follows many executions',
    description:
      'The events of many executions, or of all turns of a conversation, on one connection, with the same cursors as ' +
      'the event streams. Who sends neither Authorization nor a ticket sends a key or a ticket in the first message: ' +
      '`{"type":"auth","key":"…"}`. Then `{"type":"subscribe","execution_id":"…","after":12}`. docs/websocket.md has all ' +
      'messages.',
  })
  @AnswersNothing(101, 'The connection is a WebSocket from here on.')
  @Fails('upgrade_required', 'too_many_streams')
  openStream(@Query() _query: StreamQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const upgrade = upgradeOf(request.raw);
    if (!upgrade) {
      throw new LonghaulError(
        'upgrade_required',
        'this is a WebSocket: connect to it with one, ws:// instead of http://',
      );
    }
    refuseForeignOrigin(request, this.config.server);
    const guest = { caller: callerIfKnown(request), login: loginOf(request) };
    this.sockets.accept(upgrade, guest, clientAddress(request.ip));
    reply.hijack();
  }
}
