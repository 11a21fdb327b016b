import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EventFeed, EventLog, type Execution, ExecutionsReader, isTerminal } from '@longhaul/executions';
import type { FastifyReply } from 'fastify';
import { pageOf } from '../lists/page';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, AnswersNothing, Fails } from '../openapi/answers';
import { OpenStreams } from '../streams/open-streams';
import { wantedForm } from './accept';
import { eventCursor } from './event-cursor';
import { ExecutionIdPipe } from './execution-id.pipe';
import { eventView } from './execution-view';
import { EventsQuery } from './read-execution.dto';

const DEFAULT_LIMIT = 100;
const STREAM_EXAMPLE = 'retry: 2000\n\nid: 0\nevent: execution.queued\ndata: {"seq":0,"type":"execution.queued",…}\n\n';

@ApiTags('executions')
@Controller('v1/executions/:id/events')
@Access('executions:read')
export class EventsController {
  constructor(
    private readonly reader: ExecutionsReader,
    private readonly log: EventLog,
    private readonly feed: EventFeed,
    private readonly streams: OpenStreams,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The event log',
    description:
      'Server-sent events, live, until the terminal one; `id` is seq. A client that lost its connection comes back to any ' +
      'replica with the last id and misses nothing; an EventSource does so by itself. Or a list, for ' +
      '`Accept: application/json`, whose next_cursor is the next `after`.',
  })
  @ApiHeader({ name: 'Last-Event-ID', description: 'The seq of the last event that was seen.', required: false })
  @Answers(200, 'The events.', 'EventList', { stream: STREAM_EXAMPLE })
  @AnswersNothing(204, 'The execution has ended and there is nothing after that seq: stop coming back.')
  @Fails('not_found', 'not_acceptable', 'invalid_cursor', 'events_deleted', 'too_many_streams')
  async listEvents(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() query: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Owner() owner: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const form = wantedForm(accept);
    const execution = await this.reader.get(id, owner);
    const after = eventCursor(query.after, lastEventId, execution);
    await this.log.assertKept(execution, after);
    if (form === 'json') return void reply.send(await this.page(execution, after, query.limit));
    if (query.follow === 'false') {
      return this.streams.send(reply, owner, false, (signal) => this.stored(execution, after, signal));
    }
    // An EventSource comes back for ever, unless it is told 204.
    if (isTerminal(execution.status) && after === execution.nextSeq - 1) return void reply.status(204).send();
    this.streams.send(reply, owner, true, (signal) => this.feed.follow(id, after, signal));
  }

  private async page(execution: Execution, after: number, wanted: string | undefined) {
    const limit = Number(wanted ?? DEFAULT_LIMIT);
    const found = await this.reader.eventsAfter(execution, after, limit + 1);
    return pageOf(found, limit, eventView, ({ seq }) => String(seq));
  }

  /** What was there when it was asked for. */
  private async *stored({ id, nextSeq }: Execution, after: number, signal: AbortSignal) {
    const pages = this.log.pages(id);
    for (let cursor = after; cursor < nextSeq - 1 && !signal.aborted;) {
      const page = await pages.after(cursor);
      if (page.length === 0) return;
      yield page;
      cursor = page.at(-1)?.seq ?? cursor;
    }
  }
}
