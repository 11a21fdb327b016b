import type { Type } from '@nestjs/common';
import { Agent, type AgentHandler, type AgentOptions } from './agent-handler';

/**
 * A code agent without a decorator, for plain JavaScript: `defineAgent({ id: 'triage' }, async (context) => …)`.
 * Answers the provider's class, as `@Agent` on a class would have made it.
 */
export function defineAgent(options: AgentOptions, run: AgentHandler['run']): Type<AgentHandler> {
  class DefinedAgent implements AgentHandler {
    run(context: Parameters<AgentHandler['run']>[0]): ReturnType<AgentHandler['run']> {
      return run(context);
    }
  }
  // Messages name the class.
  Object.defineProperty(DefinedAgent, 'name', { value: `defineAgent ${options.id}` });
  Agent(options)(DefinedAgent);
  return DefinedAgent;
}
