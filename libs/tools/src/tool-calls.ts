import { Injectable } from '@nestjs/common';
import { RateLimits } from '@longhaul/executions';
import { type JsonObject, type JsonValue, NoEffectError } from '@longhaul/kernel';
import { ToolResults } from './results/tool-results';
import type { Tool, ToolCall } from './tool';

/** Calls tools within their limits: what was answered before and is kept costs none of them. */
@Injectable()
export class ToolCalls {
  constructor(
    private readonly limits: RateLimits,
    private readonly results: ToolResults,
  ) {}

  /** Throws a `QuotaSpent` when the tool may not be called now; nothing has happened then. */
  make(tool: Tool, args: JsonObject, call: ToolCall): Promise<JsonValue> {
    const { definition } = tool;
    const { name, rateLimit } = definition;
    return this.results.through(definition, call.owner, args, async () => {
      const waitMs = rateLimit === undefined ? 0 : await this.limits.take(`tool:${name}`, rateLimit);
      if (waitMs > 0) throw new QuotaSpent(name, waitMs);
      return tool.run(args, call);
    });
  }
}

/** The tool was called as often as it may be, and was not called. */
export class QuotaSpent extends NoEffectError {
  constructor(
    tool: string,
    readonly waitMs: number,
  ) {
    const message = `the tool ${tool} was called as often as its rate_limit allows: it may be called again in ${waitMs} ms`;
    super(message, { code: 'rate_limited', retryAfterMs: waitMs });
  }
}
