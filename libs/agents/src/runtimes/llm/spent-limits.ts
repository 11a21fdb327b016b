import { PermanentError } from '@longhaul/kernel';
import type { AgentDefinition, AgentLimits } from '../../definition/agent-definition';

type TurnLimit = 'maxTurns' | 'maxToolCalls' | 'maxTokens';
const KEYS: Record<TurnLimit, string> = {
  maxTurns: 'limits.max_turns',
  maxToolCalls: 'limits.max_tool_calls',
  maxTokens: 'limits.max_tokens',
};

/**
 * What an execution has used of its agent's limits, what is replayed included: who goes on after a crash has no more than
 * who was never cut.
 */
export class SpentLimits {
  private turns = 0;
  private toolCalls = 0;
  private tokens = 0;

  constructor(private readonly agent: Pick<AgentDefinition, 'id' | 'file' | 'limits'>) {}

  get limits(): AgentLimits {
    return this.agent.limits;
  }

  /** The number of a turn that begins, from 1. */
  beginTurn(): number {
    return (this.turns += 1);
  }

  endTurn(tokens: number): void {
    this.tokens += tokens;
  }

  /**
   * Another turn is needed, and these calls before it. Throws `limit_exceeded` when there is no room for them: before the
   * tools are called, for nobody would read what they answer.
   */
  assertRoomFor(toolCalls: number): void {
    const { maxTurns, maxToolCalls, maxTokens } = this.limits;
    if (this.turns >= maxTurns) throw this.exceeded('maxTurns', `${maxTurns} turns and is not done`);
    this.toolCalls += toolCalls;
    if (this.toolCalls > maxToolCalls) throw this.exceeded('maxToolCalls', `to call ${this.toolCalls} tools`);
    if (maxTokens !== undefined && this.tokens >= maxTokens) {
      throw this.exceeded('maxTokens', `${this.tokens} tokens and is not done`);
    }
  }

  private exceeded(limit: TurnLimit, what: string): PermanentError {
    const key = KEYS[limit];
    const allowed = this.limits[limit] ?? 0;
    const verb = limit === 'maxToolCalls' ? 'wants' : 'has used';
    const place = this.agent.file ?? `agent "${this.agent.id}"`;
    return new PermanentError(
      `agent "${this.agent.id}" ${verb} ${what}, and ${key} is ${allowed}: raise it in ${place}, or ask for less at once`,
      { code: 'limit_exceeded', details: { limit: key, allowed } },
    );
  }
}
