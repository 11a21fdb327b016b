import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { DeliveriesService } from '@longhaul/delivery';
import { isId } from '@longhaul/kernel';
import { Access } from '../auth/access';
import { Asking, type Caller } from '../auth/caller';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf } from '../lists/page';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { chosenBy, ListDeliveriesQuery, MAX_REDELIVERED, RedeliverRequest, toDeliveryFilter } from './deliveries.dto';
import { DeliveryIdPipe } from './delivery-id.pipe';
import { deliveryDetailView, deliveryView } from './delivery-view';

const DEFAULT_LIMIT = 20;
const isPlace = (text: string) => isId('dlv', text);
const DELIVERIES = { name: 'deliveries', isPlace };
const WALK = { name: 'redeliveries', isPlace };

const IdParam = () => ApiParam({ name: 'id', example: 'dlv_01JD8Z4M7T9QW2X5C6V8B0N3KX' });

@ApiTags('deliveries')
@Controller('v1/deliveries')
@Access('executions:read')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  @ApiOperation({ summary: 'What left, or is to leave, when something happened; newest first' })
  @Answers(200, 'One page.', 'DeliveryList')
  @Fails('invalid_cursor')
  async listDeliveries(@Query() query: ListDeliveriesQuery, @Asking() caller: Caller) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : decodeCursor(DELIVERIES, query.cursor);
    const found = await this.deliveries.list(caller.owner, toDeliveryFilter(query), limit + 1, before);
    return pageOf(found, limit, deliveryView(caller), ({ id }) => encodeCursor(DELIVERIES, id));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One delivery with each of its tries' })
  @IdParam()
  @Answers(200, 'A number that is missing is a try whose sender was killed.', 'DeliveryDetail')
  @Fails('not_found')
  async getDelivery(@Param('id', DeliveryIdPipe) id: string, @Query() _query: NoQuery, @Asking() caller: Caller) {
    const delivery = await this.deliveries.get(id, caller.owner);
    return deliveryDetailView(caller, delivery, await this.deliveries.triesOf(id));
  }

  @Post(':id/redeliver')
  @HttpCode(202)
  @Access('agents:run')
  @ApiOperation({
    summary: 'Send it again, under the same id',
    description:
      'Also one that has arrived. One that waits for its next try is tried now. What goes to a target that the operator named wants `admin`.',
  })
  @IdParam()
  @Answers(202, 'It is due.', 'Delivery')
  @Fails('not_found')
  async redeliver(@Param('id', DeliveryIdPipe) id: string, @Query() _query: NoQuery, @Asking() caller: Caller) {
    return deliveryView(caller)(await this.deliveries.redeliver(id, redeliverer(caller)));
  }

  @Post('redeliver')
  @HttpCode(202)
  @Access('agents:run')
  @ApiOperation({
    summary: 'Send several again: by their ids, those that fit a filter, or all that failed',
    description:
      'Oldest first, each under its id; what only an `admin` may is left out. Go on with `next_cursor` until it is null.',
  })
  @Answers(202, 'They are due.', 'Redelivered')
  @Fails('invalid_cursor', 'body_required', 'invalid_json', 'payload_too_large', 'unsupported_media_type')
  async redeliverMany(@Query() _query: NoQuery, @Body() body: RedeliverRequest, @Asking() caller: Caller) {
    const by = redeliverer(caller);
    const chosen = chosenBy(body);
    if ('ids' in chosen) {
      const done = await this.deliveries.redeliverThese(by, chosen.ids);
      return { count: done.length, delivery_ids: done, next_cursor: null };
    }
    const after = body.cursor === undefined ? undefined : decodeCursor(WALK, body.cursor);
    const max = body.max ?? MAX_REDELIVERED;
    const done = await this.deliveries.redeliverMatching(by, chosen.filter, max, after);
    const last = done.length === max ? done.at(-1) : undefined;
    return {
      count: done.length,
      delivery_ids: done,
      next_cursor: last === undefined ? null : encodeCursor(WALK, last),
    };
  }
}

function redeliverer({ owner, scopes }: Caller) {
  return { owner, isOperator: scopes.includes('admin') };
}
