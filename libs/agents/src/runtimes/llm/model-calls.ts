import { Injectable, Logger } from '@nestjs/common';
import { RateLimits } from '@longhaul/executions';
import { type FoundModel, Models, type TokenUsage } from '@longhaul/models';
import { Patience } from './patience';

/** The models, within what their providers may be asked for: by all workers together, and of all agents. */
@Injectable()
export class ModelCalls {
  private readonly logger = new Logger(ModelCalls.name);

  constructor(
    readonly models: Models,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Takes one request of the provider's, after a wait where that is short; then it answers 0. Else nothing is taken, and it
   * answers in how many milliseconds to ask again.
   */
  async place(model: FoundModel, signal: AbortSignal): Promise<number> {
    const patience = new Patience();
    for (;;) {
      const ms = await this.take(model);
      if (ms === 0 || !(await patience.covers(ms, signal))) return ms;
    }
  }

  /** What a call took, known only now. An answer that was paid for is not lost because this could not be written. */
  async charge({ provider, limits: { tokenLimit } }: FoundModel, usage: TokenUsage): Promise<void> {
    const tokens = usage.inputTokens + usage.outputTokens;
    if (tokenLimit === undefined || tokens === 0) return;
    await this.limits.charge(tokensOf(provider), tokenLimit, tokens).catch((error: unknown) => {
      this.logger.warn(`${tokens} tokens of ${provider.name} are not counted for its token_limit: ${String(error)}`);
    });
  }

  private async take({ provider, limits: { rateLimit, tokenLimit } }: FoundModel): Promise<number> {
    const ms = tokenLimit === undefined ? 0 : await this.limits.wait(tokensOf(provider), tokenLimit);
    if (ms > 0 || rateLimit === undefined) return ms;
    return this.limits.take(`provider:${provider.name}:requests`, rateLimit);
  }
}

function tokensOf({ name }: FoundModel['provider']): string {
  return `provider:${name}:tokens`;
}
