import { Injectable } from '@nestjs/common';
import { type JsonObject, type JsonValue, NoEffectError } from '@longhaul/kernel';
import { ToolLimits } from './limits/tool-limits';
import { ToolResults } from './results/tool-results';
import type { Tool, ToolCall } from './tool';

/** Calls tools within their limits: what was answered before and is kept costs none of them. */
@Injectable()
export class ToolCalls {
  constructor(
    private readonly limits: ToolLimits,
    private readonly results: ToolResults,
  ) {}

  /** Throws a `QuotaSpent` when the tool may not be called now; nothing has happened then. */
  make(tool: Tool, args: JsonObject, call: ToolCall): Promise<JsonValue> {
    const { definition } = tool;
    return this.results.through(definition, call.owner, args, async () => {
      const permission = await this.limits.take(definition);
      if (!permission.ok) throw new QuotaSpent(definition.name, permission.retryAfterMs);
      return tool.run(args, call);
    });
  }
}

/** The tool was called as often as it may be. Told apart by its details, which the step journal keeps. */
export class QuotaSpent extends NoEffectError {
  constructor(tool: string, retryAfterMs: number) {
    const message = `the tool ${tool} was called as often as its rate_limit allows: it may be called again in ${retryAfterMs} ms`;
    super(message, { code: 'rate_limited', retryAfterMs, details: { tool, quota_ms: retryAfterMs } });
  }
}

/** How long to wait where an error is a `QuotaSpent`, of this run or as the journal tells it again; else undefined. */
export function quotaWaitMs(error: unknown): number | undefined {
  const { code, details } = error as { code?: unknown; details?: JsonObject };
  const ms = details?.['quota_ms'];
  return code === 'rate_limited' && typeof ms === 'number' ? ms : undefined;
}
