import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AgentsService } from '@longhaul/agents';
import { Access } from '../auth/access';
import { Answers, Fails } from '../openapi/answers';
import { wholeList } from '../lists/page';
import { NoQuery } from '../validation/dto.pipe';
import { AgentIdPipe } from './agent-id.pipe';
import { agentView } from './agent-view';

@ApiTags('agents')
@Controller('v1/agents')
@Access('executions:read')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  @Get()
  @ApiOperation({ summary: 'The catalogue' })
  @Answers(200, 'Every agent that loaded, by id.', 'AgentList')
  @Fails()
  listAgents(@Query() _query: NoQuery) {
    return wholeList(this.agents.catalogue().map(agentView));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One agent' })
  @ApiParam({ name: 'id', example: 'research-agent' })
  @Answers(200, 'The agent, with its schemas, queue, mode and limits.', 'Agent')
  @Fails('not_found')
  getAgent(@Param('id', AgentIdPipe) id: string, @Query() _query: NoQuery) {
    return agentView(this.agents.get(id));
  }
}
