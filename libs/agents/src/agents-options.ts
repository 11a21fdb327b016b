import type { Type } from '@nestjs/common';
import type { ModelsModuleOptions } from '@longhaul/models';
import type { AgentHandler } from './agent-handler';
import type { AgentDefaults } from './definition/agent-definition';

/** How much of what was said before is sent to a model: the latest whole turns within both limits. */
export interface HistoryWindow {
  /** Messages; two make a turn. */
  messages: number;
  /** Characters of all of them. */
  chars: number;
}

/** What `AgentsModule.forRoot` wants to know; the composition root takes it from the configuration. */
export interface AgentsModuleOptions {
  /** The workspace's directory; agents are read from its `agents/`. */
  workspace: string;
  defaults: AgentDefaults;
  /** Read agents again when their files change. For development: each process sees a change in its own time. */
  watch?: boolean;
  /** How much of a conversation a model is sent. */
  history?: HistoryWindow;
  /** A variable of the environment, for commands that name it in `env_allow`; without it there is none. */
  variable?: (name: string) => string | undefined;
  /** Model providers and prices; the demo model alone when absent. */
  models?: ModelsModuleOptions;
  /** Code agents to register here. Those that other modules provide are found as well. */
  agents?: Type<AgentHandler>[];
}

export const AGENTS_OPTIONS = Symbol('AGENTS_OPTIONS');
