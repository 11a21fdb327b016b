import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { LonghaulError } from '@longhaul/kernel';
import { Metrics } from '@longhaul/telemetry';
import type { FastifyReply } from 'fastify';
import { Access } from '../auth/access';
import { Fails } from '../openapi/answers';
import { NoQuery } from '../validation/dto.pipe';

const EXAMPLE = `# HELP longhaul_executions_accepted_total Executions accepted.
# TYPE longhaul_executions_accepted_total counter
longhaul_executions_accepted_total{agent="research-agent"} 42
`;

@ApiTags('health')
@Controller('metrics')
@Access('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiOperation({ summary: "Metrics in Prometheus' text format; scope admin unless server.metrics.public" })
  @ApiResponse({
    status: 200,
    description: 'What this process counted, and what waits in the database.',
    content: { 'text/plain': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @Fails('not_found')
  async getMetrics(@Query() _query: NoQuery, @Res() reply: FastifyReply): Promise<void> {
    const scrape = await this.metrics.scrape();
    if (!scrape)
      throw new LonghaulError('not_found', 'this gateway keeps no metrics: set server.metrics.enabled to true');
    reply.header('content-type', scrape.contentType).header('cache-control', 'no-store').send(scrape.text);
  }
}
