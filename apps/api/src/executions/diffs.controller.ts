import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DiffsService } from '@longhaul/agents';
import { Access } from '../auth/access';
import { Owner } from '../auth/caller';
import { Answers, Fails } from '../openapi/answers';
import { diffView } from './diff-view';
import { ExecutionIdPipe } from './execution-id.pipe';
import { DiffQuery } from './read-execution.dto';

@ApiTags('executions')
@Controller('v1/executions')
@Access('executions:read')
export class DiffsController {
  constructor(private readonly diffs: DiffsService) {}

  @Get(':id/diff/:other')
  @ApiOperation({
    summary: 'Two executions beside each other: their steps by key, what they cost, and how they ended',
    description: 'Of any two; a fork and what it was forked from share the steps before it. As they are now.',
  })
  @Answers(200, 'In the order of the left one, which is the first.', 'ExecutionDiff')
  @Fails('not_found')
  async diffExecutions(
    @Param('id', ExecutionIdPipe) id: string,
    @Param('other', ExecutionIdPipe) other: string,
    @Query() { include }: DiffQuery,
    @Owner() owner: string,
  ) {
    return diffView(await this.diffs.diff(id, other, owner, include === 'result' ? 'with results' : 'without results'));
  }
}
