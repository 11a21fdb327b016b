import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExecutionsReader, WaitsService } from '@longhaul/executions';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { SendEventRequest } from './event-delivery.dto';

/** Brings events from outside to the executions that wait for them. */
@ApiTags('events')
@Controller('v1/events')
@Access('agents:run')
export class EventDeliveryController {
  constructor(
    private readonly waits: WaitsService,
    private readonly reader: ExecutionsReader,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Tell the executions that wait for it that something has happened',
    description:
      "It is for those that wait at this moment (`waitForEvent`); where none does, it is nobody's, and `delivered_to` is " +
      'empty: it is not kept for those that begin to wait later.',
  })
  @Answers(202, 'These got it, and go on.', 'EventDelivered')
  @Fails('body_required', 'invalid_json', 'payload_too_large', 'unsupported_media_type', 'not_found')
  async sendEvent(@Query() _query: NoQuery, @Body() body: SendEventRequest, @Owner() owner: string) {
    const { name, data = null, execution_id: executionId = null } = body;
    if (executionId !== null) await this.reader.get(executionId, owner);
    return { delivered_to: await this.waits.send({ owner, name, data, executionId }) };
  }
}
