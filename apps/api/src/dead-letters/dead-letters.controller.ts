import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RedriveService } from '@longhaul/agents';
import { DeadLettersReader, DeadLettersService, ExecutionsReader, type DeadLetterPlace } from '@longhaul/executions';
import type { FastifyRequest } from 'fastify';
import { Access } from '../auth/access';
import { callerOf, Owner } from '../auth/caller';
import { ExecutionIdPipe } from '../executions/execution-id.pipe';
import { LiveExecutions } from '../limits/live-executions';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf } from '../lists/page';
import { Answers, Fails } from '../openapi/answers';
import { basePath } from '../submissions/base-path';
import { NoQuery } from '../validation/dto.pipe';
import { changeOf, chosenBy } from './chosen';
import { deadLetterDetailView, deadLetterView, discardedView, groupView, redrivenView } from './dead-letter-view';
import {
  DEFAULT_PER_S,
  DiscardRequest,
  ListDeadLettersQuery,
  ListGroupsQuery,
  RedriveRequest,
  toSelection,
} from './dead-letters.dto';

const DEFAULT_LIMIT = 20;
const PLACE = /^(\d{1,15})-(exec_[0-9A-Z]{26})$/;
const LETTERS = { name: 'dead-letters', isPlace: (text: string) => PLACE.test(text) };
const GROUPS = { name: 'dead-letter-groups', isPlace: (text: string) => PLACE.test(text) };
const BODY_FAILURES = ['body_required', 'invalid_json', 'payload_too_large', 'unsupported_media_type'] as const;

@ApiTags('dead letters')
@Controller('v1/dead-letters')
@Access('executions:read')
export class DeadLettersController {
  constructor(
    private readonly letters: DeadLettersReader,
    private readonly service: DeadLettersService,
    private readonly redrives: RedriveService,
    private readonly executions: ExecutionsReader,
    private readonly live: LiveExecutions,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Failed executions, the latest failure first',
    description: 'Those that nobody has looked after yet, unless `state` says otherwise.',
  })
  @Answers(200, 'One page.', 'DeadLetterList')
  @Fails('invalid_cursor')
  async listDeadLetters(@Query() query: ListDeadLettersQuery, @Owner() owner: string, @Req() request: FastifyRequest) {
    const { cursor, state = 'open', limit: asked = DEFAULT_LIMIT } = query;
    const limit = Number(asked);
    const before = cursor === undefined ? undefined : parsePlace(decodeCursor(LETTERS, cursor));
    const filter = { ...toSelection(query), ...(state === 'all' ? {} : { state }) };
    const found = await this.letters.list(owner, filter, limit + 1, before);
    const base = basePath(request);
    return pageOf(
      found,
      limit,
      (letter) => deadLetterView(letter, base),
      ({ failedAt, executionId }) => encodeCursor(LETTERS, `${failedAt}-${executionId}`),
    );
  }

  @Get('groups')
  @ApiOperation({
    summary: 'What is open, grouped by its cause; the latest failure first',
    description: 'The same agent, error code and message, ids and numbers in it aside, are the same `fingerprint`.',
  })
  @Answers(200, 'One page.', 'DeadLetterGroupList')
  @Fails('invalid_cursor')
  async listDeadLetterGroups(@Query() query: ListGroupsQuery, @Owner() owner: string) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : parsePlace(decodeCursor(GROUPS, query.cursor));
    const filter = { ...toSelection(query), state: 'open' as const };
    const found = await this.letters.groups(owner, filter, limit + 1, before);
    return pageOf(found, limit, groupView, ({ lastFailedAt, sample }) =>
      encodeCursor(GROUPS, `${lastFailedAt}-${sample.executionId}`),
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'One, with the input of its execution, its last error and its runs' })
  @Answers(200, 'Whatever became of it.', 'DeadLetterDetail')
  @Fails('not_found')
  async getDeadLetter(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() _query: NoQuery,
    @Owner() owner: string,
    @Req() request: FastifyRequest,
  ) {
    const letter = await this.letters.get(id, owner);
    const [execution, runs] = await Promise.all([this.executions.get(id, owner), this.executions.runsOf(id, owner)]);
    return deadLetterDetailView(letter, execution, runs, basePath(request));
  }

  @Post('redrive')
  @HttpCode(200)
  @Access('agents:run')
  @ApiOperation({
    summary: 'Try them anew, each as a new execution; spread over time',
    description:
      'One that was redriven before answers the execution of then. What is refused (its agent is gone or disabled, its ' +
      'input does not fit any more) is listed and stays open. Go on with `next_cursor` until it is null: what fails ' +
      'meanwhile does not belong to it.',
  })
  @Answers(200, 'Accepted: they will run.', 'Redriven')
  @Fails(...BODY_FAILURES, 'invalid_cursor', 'queue_full', 'too_many_executions')
  async redriveDeadLetters(@Query() _query: NoQuery, @Body() body: RedriveRequest, @Req() request: FastifyRequest) {
    const caller = callerOf(request);
    const chosen = chosenBy(body);
    const change = changeOf(body);
    const pace = { perS: body.per_s ?? DEFAULT_PER_S, delayMs: Math.round((body.delay_s ?? 0) * 1_000) };
    const wanted = 'ids' in chosen ? chosen.ids.length : chosen.walk.max;
    return redrivenView(
      await this.live.asManyAs(caller, wanted, (room) =>
        'ids' in chosen
          ? this.redrives.redriveThese(caller.owner, chosen.ids, room, pace, change)
          : this.redrives.redriveMatching(caller.owner, chosen.filter, pace, { ...chosen.walk, max: room }),
      ),
    );
  }

  @Post('discard')
  @HttpCode(200)
  @Access('executions:cancel')
  @ApiOperation({
    summary: 'Give them up; their executions stay failed',
    description: 'Go on with `next_cursor` until it is null. A discarded one can still be retried by its id.',
  })
  @Answers(200, 'They are discarded.', 'Discarded')
  @Fails(...BODY_FAILURES, 'invalid_cursor')
  async discardDeadLetters(@Query() _query: NoQuery, @Body() body: DiscardRequest, @Owner() owner: string) {
    const chosen = chosenBy(body);
    return discardedView(
      'ids' in chosen
        ? await this.service.discardThese(owner, chosen.ids, body.reason)
        : await this.service.discardMatching(owner, chosen.filter, body.reason, chosen.walk),
    );
  }
}

function parsePlace(text: string): DeadLetterPlace {
  const [, failedAt = '', executionId = ''] = PLACE.exec(text) ?? [];
  return { failedAt: Number(failedAt), executionId };
}
