import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorFunction } from '@nestjs/terminus';
import { AgentRegistry } from '@longhaul/agents';
import type { Issue } from '@longhaul/kernel';
import { ToolRegistry } from '@longhaul/tools';

/** What readiness says of the workspace. A broken file keeps nobody else from working: degraded, not down. */
@Injectable()
export class WorkspaceCheck {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly agents: AgentRegistry,
    private readonly tools: ToolRegistry,
  ) {}

  indicatorsOf(): HealthIndicatorFunction[] {
    return [() => this.look('agents', this.agents), () => this.look('tools', this.tools)];
  }

  private look(name: string, registry: { list(): readonly unknown[]; problems: readonly Issue[] }) {
    const indicator = this.indicators.check(name);
    const loaded = registry.list().length;
    const problems = registry.problems.map(({ path }) => path);
    return problems.length === 0 ? indicator.up({ loaded }) : indicator.degraded({ loaded, problems });
  }
}
