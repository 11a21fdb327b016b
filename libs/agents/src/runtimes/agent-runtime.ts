import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import type { AgentDefinition, RuntimeName } from '../definition/agent-definition';

/**
 * One way to run an agent. What `run` throws decides as in `ExecutionHandler`; it must stop soon after
 * `context.signal` aborts. Called for many executions at once: an implementation keeps no state of a run.
 */
export abstract class AgentRuntime {
  abstract readonly name: RuntimeName;
  abstract run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult>;
}

/** Every runtime there is: `AgentRuntime[]`. */
export const AGENT_RUNTIMES = Symbol('AGENT_RUNTIMES');
