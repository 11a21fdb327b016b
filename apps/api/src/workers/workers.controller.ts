import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { WorkersService } from '@longhaul/executions';
import { Access } from '../auth/access';
import { wholeList } from '../lists/page';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { WorkerIdPipe } from './worker-id.pipe';
import { workerView } from './worker-view';

/** For the operator: workers run what everybody owns. */
@ApiTags('workers')
@Controller('v1/workers')
@Access('admin')
export class WorkersController {
  constructor(private readonly workers: WorkersService) {}

  @Get()
  @ApiOperation({
    summary: 'The workers, living ones first',
    description:
      'Each incarnation of a process that runs executions, newest first: those that live, and those that ended within ' +
      'the last hour. `executions` has the twenty that have run longest.',
  })
  @Answers(200, 'All of them, at most 500.', 'WorkerList')
  @Fails()
  async listWorkers(@Query() _query: NoQuery) {
    return wholeList((await this.workers.list()).map(workerView));
  }

  @Post(':id/drain')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Let a worker stop',
    description:
      'It takes nothing more, lets what it runs go on for `queue.drain_timeout_s`, gives the rest back at no cost to ' +
      'its attempts, and ends. A `serve --worker-only` process exits with 0; one that also serves the API goes on ' +
      'without a worker until it is restarted. May be asked twice, also of one that has ended.',
  })
  @ApiParam({ name: 'id', example: 'wrk_01JD8Z4M7T9QW2X5C6V8B0N3KT' })
  @Answers(202, 'The worker as it stands at that moment.', 'Worker')
  @Fails('not_found')
  async drainWorker(@Param('id', WorkerIdPipe) id: string, @Query() _query: NoQuery) {
    return workerView(await this.workers.drain(id));
  }
}
