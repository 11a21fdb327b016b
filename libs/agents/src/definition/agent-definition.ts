import type { KnownChannels, NotifyTarget } from '@longhaul/config';
import type { Issue, JsonObject, Priority } from '@longhaul/kernel';
import type { ProviderOptions } from '@longhaul/models';
import type { HttpAgentsOptions } from '../runtimes/http/http-agent';
import type { ApprovalTerms } from './approval-terms';
import type { AgentFrontMatter } from './front-matter';
import type { AgentNotifications } from './notifications-schema';
import type { AgentResultEvent, ResultEventsDefault } from './result-event';

export type ExecutionMode = 'sync' | 'async';
export type RuntimeName = 'llm' | 'command' | 'http' | 'code';

/**
 * What can be run: an AGENT.md, a code agent, or both, with every default filled in. Plain data; what a run needs
 * besides (a code agent's instance) is the registry's.
 */
export interface AgentDefinition {
  /** The directory's name, or the id given to `@Agent`. */
  readonly id: string;
  /** `agents/<id>/AGENT.md`, relative to the workspace; null for an agent that is code alone. */
  readonly file: string | null;
  readonly displayName: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly version: string | null;
  /** False: it is listed, and submitting answers `agent_disabled`. */
  readonly enabled: boolean;
  /** Set: it is listed, and submitting answers `agent_unavailable` with this sentence, which names the mend. */
  readonly unavailableReason?: string;
  readonly runtime: RuntimeName;
  /** `provider/model`. Only the runtime `llm` calls it. */
  readonly model: string;
  /** `provider/model`, asked when the first one fails. */
  readonly fallbackModel?: string;
  /** 0 to 2. */
  readonly temperature?: number;
  /** Most tokens of one answer. */
  readonly maxTokens?: number;
  /** The tools that its model may call, each once. Only the runtime `llm` has any. */
  readonly tools: readonly string[];
  /** MCP servers whose tools, as they are at the time, its model may call as well. */
  readonly mcpServers: readonly string[];
  /** Which of them a person must decide on before each call, besides those that say so themselves. */
  readonly requiresApproval: boolean | readonly string[];
  /** Of what its tools and its model ask people. */
  readonly approvalTerms: ApprovalTerms;
  /** The agents that its model may ask, each by a tool `ask_<id>`. */
  readonly delegatesTo: readonly string[];
  /** All that a model is told before the conversation; docs/agents.md has the order of its parts. */
  readonly instructions: string;
  /** What stands below the front matter of AGENT.md, trimmed: the agent's own part of the instructions. */
  readonly body: string;
  /** Where in the instructions it begins. */
  readonly bodyAt: number;
  readonly executionMode: ExecutionMode;
  readonly queue: string;
  readonly priority: Priority;
  /** JSON Schema of the input; null = anything goes. */
  readonly inputSchema: JsonObject | null;
  readonly outputSchema: JsonObject | null;
  readonly limits: AgentLimits;
  readonly retries: { readonly maxRetries: number; readonly backoff: BackoffKind; readonly delayS: number };
  readonly notifications: AgentNotifications;
  /** Set: other services are told how its executions end. */
  readonly resultEvent?: AgentResultEvent;
  /** As written and checked, in the file's own words: here stand the keys that nothing reads yet. */
  readonly frontMatter: AgentFrontMatter;
}

type BackoffKind = 'exponential' | 'linear' | 'fixed';

/** Times are in seconds. */
export interface AgentLimits {
  /** Hard limit of one run. */
  readonly timeoutS: number;
  /** Less than `timeoutS`. */
  readonly softTimeoutS?: number;
  /** Of the whole execution, from when it is due. */
  readonly deadlineS: number;
  /** Longest silence of a run. */
  readonly idleTimeoutS: number;
  /** Model calls of an execution; a fallback is none of its own. */
  readonly maxTurns: number;
  /** Tool calls of an execution. */
  readonly maxToolCalls: number;
  /** Tokens of all its model calls, in and out; when they are used up there is no further turn. None = no limit. */
  readonly maxTokens?: number;
}

/** A named set of them. */
export type LimitsProfile = { readonly [Limit in keyof AgentLimits]?: number | undefined };

/** What an AGENT.md leaves out. */
export interface AgentDefaults {
  /** `provider/model`. */
  model: string;
  executionMode: ExecutionMode;
  maxRetries: number;
  /** Agent glob -> queue, the first match wins: `{ "research-*": "research" }`. No match = `default`. */
  routes: Readonly<Record<string, string>>;
  /** What models there are; none = the demo model alone. */
  providers?: readonly ProviderOptions[];
  /** What carries result events; none = they cannot be sent. */
  resultEvents?: ResultEventsDefault;
  /** For `runtime: http`; without it only public addresses and no `${NAME}`. */
  http?: HttpAgentsOptions;
  /** Whom notifications can reach; without it webhooks alone. */
  channels?: KnownChannels;
  /** What forbids calling the webhook that a target of notifications names; without it nothing does. */
  webhookTargetIssue?: (target: NotifyTarget, path: string) => Issue | null;
  /** The MCP servers that gateway.yaml names. */
  mcpServers?: readonly string[];
  /** Named sets of limits, for `profile`; the one named `default` stands below every other. */
  profiles?: Readonly<Record<string, LimitsProfile>>;
}
