import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ExecutionsReader, isTerminal } from '@longhaul/executions';
import { LonghaulError } from '@longhaul/kernel';
import type { FastifyReply } from 'fastify';
import { pageOf } from '../lists/page';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, AnswersNothing, Fails } from '../openapi/answers';
import { wantedForm } from './accept';
import { eventStream, RECONNECT } from './event-stream';
import { ExecutionIdPipe } from './execution-id.pipe';
import { eventView } from './execution-view';
import { EventsQuery } from './read-execution.dto';

const DEFAULT_LIMIT = 100;
const STREAM_PAGE = 500;
const STREAM_EXAMPLE = 'id: 0\nevent: execution.queued\ndata: {"seq":0,"type":"execution.queued",…}\n\n';

@ApiTags('executions')
@Controller('v1/executions/:id/events')
@Access('executions:read')
export class EventsController {
  constructor(private readonly reader: ExecutionsReader) {}

  @Get()
  @ApiOperation({
    summary: 'The event log',
    description:
      'Server-sent events, `id` is seq; or a list, for `Accept: application/json`, whose next_cursor is the next ' +
      '`after`. Following live is not built yet: the stream ends after what is stored and tells to come back.',
  })
  @ApiHeader({ name: 'Last-Event-ID', description: 'The seq of the last event that was seen.', required: false })
  @Answers(200, 'The stored events.', 'EventList', { stream: STREAM_EXAMPLE })
  @AnswersNothing(204, 'The execution has ended and there is nothing after that seq: stop coming back.')
  @Fails('not_found', 'not_acceptable')
  async listEvents(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() query: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Owner() owner: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = lastEventId === undefined ? Number(query.after ?? -1) : parseLastEventId(lastEventId);
    if (wantedForm(accept) === 'json') {
      const limit = Number(query.limit ?? DEFAULT_LIMIT);
      const found = await this.reader.eventsAfter(id, owner, after, limit + 1);
      return void reply.send(pageOf(found, limit, eventView, ({ seq }) => String(seq)));
    }
    const { status } = await this.reader.get(id, owner);
    const readPage = (seq: number) => this.reader.eventsAfter(id, owner, seq, STREAM_PAGE);
    const first = await readPage(after);
    const follow = query.follow !== 'false';
    // An EventSource comes back for ever, unless it is told 204.
    if (follow && first.length === 0 && isTerminal(status)) return void reply.status(204).send();
    reply.headers({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' }).type('text/event-stream; charset=utf-8');
    reply.send(Readable.from(eventStream(first, readPage, follow && !isTerminal(status) ? RECONNECT : '')));
  }
}

function parseLastEventId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const issues = [{ path: 'Last-Event-ID', message: 'expected the id of an event, a whole number' }];
  throw new LonghaulError('invalid_request', 'Last-Event-ID: expected the id of an event, a whole number', { issues });
}
