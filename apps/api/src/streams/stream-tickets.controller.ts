import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { StreamTickets } from '@longhaul/executions';
import type { FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { callerOf } from '../auth/caller';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';

@ApiTags('executions')
@Controller('v1/stream-tickets')
@Access('executions:read')
export class StreamTicketsController {
  constructor(private readonly tickets: StreamTickets) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({
    summary: 'A ticket for one WebSocket',
    description:
      'For a browser, whose WebSocket takes no headers: `new WebSocket(url + "/v1/stream?ticket=" + ticket)`. It is good ' +
      'for one connection, at any replica, and may do what your key may.',
  })
  @Answers(201, 'The ticket.', 'StreamTicket')
  @Fails()
  async createStreamTicket(@Query() _query: NoQuery, @Req() request: FastifyRequest) {
    const { ticket, expiresAt } = await this.tickets.issue(callerOf(request));
    return { ticket, expires_at: new Date(expiresAt).toISOString() };
  }
}
