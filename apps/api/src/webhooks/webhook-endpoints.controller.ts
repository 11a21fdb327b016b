import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { EndpointsService } from '@longhaul/delivery';
import { isId } from '@longhaul/kernel';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf } from '../lists/page';
import { Answers, AnswersNothing, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { EndpointIdPipe } from './endpoint-id.pipe';
import { endpointView, endpointWithSecretView } from './endpoint-view';
import {
  ChangeEndpointRequest,
  CreateEndpointRequest,
  ListEndpointsQuery,
  RotateSecretRequest,
  toChange,
  toSettings,
} from './webhook-endpoints.dto';

const DEFAULT_LIMIT = 20;
const DAY_S = 86_400;
const ENDPOINTS = { name: 'webhook-endpoints', isPlace: (text: string) => isId('whe', text) };
const BODY_FAILURES = ['body_required', 'invalid_json', 'payload_too_large', 'unsupported_media_type'] as const;

const IdParam = () => ApiParam({ name: 'id', example: 'whe_01JD8Z4M7T9QW2X5C6V8B0N3KW' });

@ApiTags('webhooks')
@Controller('v1/webhook-endpoints')
@Access('agents:run')
export class WebhookEndpointsController {
  constructor(private readonly endpoints: EndpointsService) {}

  @Post()
  @ApiOperation({
    summary: 'Register a URL to be called when executions end; its secret is shown this once',
    description:
      'Calls are signed by Standard Webhooks, and tried again for three days. From this answer on no end is missed: the ' +
      'first one takes a second or two.',
  })
  @Answers(201, 'It is called from now on. Keep the secret.', 'WebhookEndpointWithSecret')
  @Fails(...BODY_FAILURES)
  async createEndpoint(@Query() _query: NoQuery, @Body() body: CreateEndpointRequest, @Owner() owner: string) {
    return endpointWithSecretView(await this.endpoints.create(owner, toSettings(body)));
  }

  @Get()
  @Access('executions:read')
  @ApiOperation({ summary: 'Registered endpoints, newest first' })
  @Answers(200, 'One page.', 'WebhookEndpointList')
  @Fails('invalid_cursor')
  async listEndpoints(@Query() query: ListEndpointsQuery, @Owner() owner: string) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : decodeCursor(ENDPOINTS, query.cursor);
    const found = await this.endpoints.list(owner, limit + 1, before);
    return pageOf(found, limit, endpointView, ({ id }) => encodeCursor(ENDPOINTS, id));
  }

  @Get(':id')
  @Access('executions:read')
  @ApiOperation({ summary: 'One endpoint, and how it has been doing' })
  @IdParam()
  @Answers(200, 'Without its secret.', 'WebhookEndpoint')
  @Fails('not_found')
  async getEndpoint(@Param('id', EndpointIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return endpointView(await this.endpoints.get(id, owner));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change it, disable it, enable it again; what is absent stays' })
  @IdParam()
  @Answers(200, 'As it is now.', 'WebhookEndpoint')
  @Fails('not_found', ...BODY_FAILURES)
  async changeEndpoint(
    @Param('id', EndpointIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: ChangeEndpointRequest,
    @Owner() owner: string,
  ) {
    const enabled = body.enabled === undefined ? {} : { enabled: body.enabled };
    return endpointView(await this.endpoints.update(id, owner, { ...toChange(body), ...enabled }));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove it; what is still to be delivered to it fails' })
  @IdParam()
  @AnswersNothing(204, 'It is gone.')
  @Fails('not_found')
  deleteEndpoint(@Param('id', EndpointIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return this.endpoints.delete(id, owner);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give it a new secret, shown this once',
    description: 'For a day, or `overlap_s`, calls are signed with both.',
  })
  @IdParam()
  @Answers(200, 'With the new secret.', 'WebhookEndpointWithSecret')
  @Fails('not_found', ...BODY_FAILURES)
  async rotateSecret(
    @Param('id', EndpointIdPipe) id: string,
    @Query() _query: NoQuery,
    @Body() body: RotateSecretRequest,
    @Owner() owner: string,
  ) {
    const overlapMs = Math.round((body.overlap_s ?? DAY_S) * 1_000);
    return endpointWithSecretView(await this.endpoints.rotate(id, owner, overlapMs));
  }

  @Post(':id/test')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send it a `webhook.test`, to see that it arrives and verifies' })
  @IdParam()
  @Answers(202, 'Ask GET /v1/deliveries/{id} what became of it.', 'DeliveryOrdered')
  @Fails('not_found')
  async testEndpoint(@Param('id', EndpointIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return { delivery_id: await this.endpoints.test(id, owner) };
  }
}
