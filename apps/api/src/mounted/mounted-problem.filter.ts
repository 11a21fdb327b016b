import { Catch } from '@nestjs/common';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { Database } from '@longhaul/database';
import { ProblemFilter } from '../problems/problem.filter';
import { RouteTable } from '../problems/route-table';

/** Unknown paths are the host's: this one never hears of them, so it needs no routes. */
@Catch()
export class MountedProblemFilter extends ProblemFilter {
  constructor(database: Database, @InjectGatewayConfig() config: GatewayConfig) {
    super(new RouteTable(), database, config.server.maxBodyKb);
  }
}
