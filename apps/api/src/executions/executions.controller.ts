import { createHash } from 'node:crypto';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { type Execution, ExecutionsReader, ExecutionsService } from '@longhaul/executions';
import { isId } from '@longhaul/kernel';
import type { FastifyReply } from 'fastify';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, AnswersNothing, Fails } from '../openapi/answers';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { pageOf, wholeList } from '../lists/page';
import { hangUpSignal } from '../submissions/hang-up';
import { parsePrefer } from '../submissions/prefer';
import { NoQuery } from '../validation/dto.pipe';
import { ExecutionIdPipe } from './execution-id.pipe';
import { executionView, retryAfterS, runView, stepView } from './execution-view';
import { ListExecutionsQuery, toFilter } from './list-executions.dto';
import { GetExecutionQuery, StepsQuery } from './read-execution.dto';

const DEFAULT_LIMIT = 20;
/** Records of one tree: they come with their outputs. */
const TREE_LIMIT = 500;
const STEPS_LIMIT = 1_000;
const STEPS = {
  name: 'steps',
  isPlace: (text: string) => /^-?\d{1,10}:/.test(text) && isId('step', text.replace(/^.*:/, '')),
};
const EXECUTIONS = { name: 'executions', isPlace: (text: string) => isId('exec', text) };

@ApiTags('executions')
@Controller('v1/executions')
@Access('executions:read')
export class ExecutionsController {
  constructor(
    private readonly reader: ExecutionsReader,
    private readonly executions: ExecutionsService,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Executions, newest first' })
  @Answers(200, 'One page.', 'ExecutionList')
  @Fails('invalid_cursor')
  async listExecutions(@Query() query: ListExecutionsQuery, @Owner() owner: string) {
    const limit = Number(query.limit ?? DEFAULT_LIMIT);
    const before = query.cursor === undefined ? undefined : decodeCursor(EXECUTIONS, query.cursor);
    const found = await this.reader.list(owner, toFilter(query), limit + 1, before);
    return pageOf(found, limit, executionView, ({ id }) => encodeCursor(EXECUTIONS, id));
  }

  @Get(':id')
  @ApiOperation({ summary: 'The record; waits for the end when asked to' })
  @ApiHeader({ name: 'Prefer', description: '`wait=25`, the same as ?wait=25.', required: false })
  @ApiHeader({ name: 'If-None-Match', description: 'The ETag of an earlier answer.', required: false })
  @Answers(200, 'The record.', 'Execution', {
    headers: {
      ETag: 'Changes with the record.',
      'Retry-After': 'Seconds, while it is not terminal.',
    },
  })
  @AnswersNothing(304, 'Nothing has changed since the ETag.')
  @Fails('not_found')
  async getExecution(
    @Param('id', ExecutionIdPipe) id: string,
    @Query() query: GetExecutionQuery,
    @Headers('prefer') prefer: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Owner() owner: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const waitS = Math.min(Number(query.wait ?? parsePrefer(prefer).wait ?? 0), this.config.server.syncWaitS);
    const execution =
      waitS > 0
        ? await this.executions.wait(id, owner, waitS * 1_000, hangUpSignal(reply))
        : await this.reader.get(id, owner);
    sendRecord(execution, known, reply);
  }

  @Get(':id/tree')
  @ApiOperation({ summary: 'It and all executions below it, each with its `parent_id`' })
  @Answers(200, `Level by level, ${TREE_LIMIT} at most.`, 'ExecutionTree')
  @Fails('not_found')
  async getTree(@Param('id', ExecutionIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    const { executions, truncated } = await this.reader.tree(id, owner, TREE_LIMIT);
    return { items: executions.map(executionView), truncated };
  }

  @Get(':id/runs')
  @ApiOperation({ summary: 'The attempts, with their errors and workers' })
  @Answers(200, 'First one first.', 'RunList')
  @Fails('not_found')
  async listRuns(@Param('id', ExecutionIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return wholeList((await this.reader.runsOf(id, owner)).map(runView));
  }

  @Get(':id/steps')
  @ApiOperation({ summary: 'The step journal: what is recorded, and is not done again' })
  @Answers(200, 'One page, in the order in which they were first begun.', 'StepList')
  @Fails('not_found', 'invalid_cursor')
  async listSteps(@Param('id', ExecutionIdPipe) id: string, @Query() query: StepsQuery, @Owner() owner: string) {
    const execution = await this.reader.get(id, owner);
    const limit = Number(query.limit ?? STEPS_LIMIT);
    const [seq, lastId = ''] = query.cursor === undefined ? [] : decodeCursor(STEPS, query.cursor).split(':');
    const after = seq === undefined ? null : { seq: Number(seq), id: lastId };
    const { steps, more } = await (query.include === 'result'
      ? this.reader.resultsAfter(execution, after, limit)
      : this.reader.stepsAfter(execution, after, limit));
    const last = steps.at(-1);
    return {
      items: steps.map((step) => stepView(step, execution)),
      next_cursor: more && last ? encodeCursor(STEPS, `${last.seq}:${last.id}`) : null,
    };
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Access('executions:cancel')
  @ApiOperation({ summary: 'Ask for it to be cancelled; idempotent, also on a terminal one' })
  @Answers(202, 'The record as it is at this moment.', 'Execution')
  @Fails('not_found')
  async cancelExecution(@Param('id', ExecutionIdPipe) id: string, @Query() _query: NoQuery, @Owner() owner: string) {
    return executionView(await this.executions.cancel(id, owner));
  }
}

function sendRecord(execution: Execution, known: string | undefined, reply: FastifyReply): void {
  const body = JSON.stringify(executionView(execution));
  const etag = `"${createHash('sha1').update(body).digest('base64url')}"`;
  const retry = retryAfterS(execution);
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (retry !== undefined) reply.header('retry-after', String(retry));
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) reply.status(304).send();
  else reply.type('application/json; charset=utf-8').send(body);
}
