import { Injectable } from '@nestjs/common';
import { AgentsService, type SubmitRequest } from '@longhaul/agents';
import { type GatewayConfig, InjectGatewayConfig } from '@longhaul/config';
import { type Execution, ExecutionsService } from '@longhaul/executions';
import type { Caller } from '../auth/caller';
import { LiveExecutions } from '../limits/live-executions';
import type { Preferences } from './prefer';
import { type WaitPlan, waitPlan } from './wait-plan';

export interface Submission {
  execution: Execution;
  replayed: boolean;
  plan: WaitPlan;
}

/** Submit, and wait for the end where the mode says so. */
@Injectable()
export class SubmissionsService {
  constructor(
    private readonly agents: AgentsService,
    private readonly executions: ExecutionsService,
    private readonly live: LiveExecutions,
    @InjectGatewayConfig() private readonly config: GatewayConfig,
  ) {}

  /** `hangUp` is asked for only when there is something to wait for; it ends the wait, never the execution. */
  async submit(
    caller: Caller,
    request: SubmitRequest,
    prefer: Preferences,
    hangUp: () => AbortSignal,
  ): Promise<Submission> {
    const { agent, execution, replayed } = await this.live.within(caller, request, () => this.agents.submit(request));
    const { backend } = this.config.queue;
    const plan = waitPlan(agent.executionMode, prefer, { backend, syncWaitS: this.config.server.syncWaitS });
    if (plan.waitS === 0) return { execution, replayed, plan };
    const waited = await this.executions.wait(execution.id, request.owner, plan.waitS * 1_000, hangUp());
    return { execution: waited, replayed, plan };
  }
}
