import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ToolRegistry } from '@longhaul/tools';
import { Access } from '../auth/access';
import { wholeList } from '../lists/page';
import { Answers, Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';
import { toolView } from './tool-view';

@ApiTags('tools')
@Controller('v1/tools')
@Access('executions:read')
export class ToolsController {
  constructor(private readonly tools: ToolRegistry) {}

  @Get()
  @ApiOperation({ summary: 'What agents can be given to use' })
  @Answers(200, 'Every tool that there is at the moment, by name: of files, code and MCP servers.', 'ToolList')
  @Fails()
  listTools(@Query() _query: NoQuery) {
    return wholeList(this.tools.list().map(({ definition }) => toolView(definition)));
  }
}
