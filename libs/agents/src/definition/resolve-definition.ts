import { type ProviderOptions, whyUnavailable } from '@longhaul/models';
import { httpAgentOf, NO_HTTP_OPTIONS } from '../runtimes/http/http-agent';
import type { AgentDefaults, AgentDefinition, AgentLimits, LimitsProfile, RuntimeName } from './agent-definition';
import { approvalsOf } from './approval-terms';
import type { AgentFrontMatter } from './front-matter';
import { fullModelName } from './model-name';
import { agentNotifications } from './notifications-schema';
import { routedQueue } from './queue-routes';
import { type AgentResultEvent, resultEventOf, whyNotSent } from './result-event';

export interface DefinitionSource {
  id: string;
  file: string | null;
  frontMatter: AgentFrontMatter;
  instructions: string;
  body: string;
  bodyAt: number;
  /** Tools that come with its skills. */
  skillTools: readonly { name: string }[];
  /** A provider wears `@Agent` with this id. */
  hasCode: boolean;
}

/** Fills in what the front matter leaves out, and says whether this gateway can run the result. */
export function resolveDefinition(source: DefinitionSource, defaults: AgentDefaults): AgentDefinition {
  const { id, file, frontMatter, instructions, body, bodyAt, skillTools, hasCode } = source;
  const runtime = frontMatter.runtime ?? 'llm';
  const configured = (defaults.providers ?? []).map((provider) => provider.name);
  const model = fullModelName(frontMatter.model?.name ?? defaults.model, configured);
  const { temperature, max_tokens: maxTokens } = frontMatter.model ?? {};
  const fallback = frontMatter.model?.fallback && fullModelName(frontMatter.model.fallback, configured);
  const needs = { id, runtime, model, fallback, hasCode };
  const resultEvent = resultEventOf(frontMatter.result_event);
  const unavailableReason =
    (runtime === 'http' ? whyNotCallable(frontMatter, defaults) : whatIsMissing(needs, defaults.providers ?? [])) ??
    whyNotPromised(resultEvent, defaults);
  return {
    id,
    file,
    displayName: frontMatter.display_name ?? frontMatter.name ?? id,
    description: frontMatter.description ?? '',
    tags: frontMatter.tags ?? [],
    version: frontMatter.version ?? null,
    enabled: frontMatter.enabled ?? true,
    ...(unavailableReason === undefined ? {} : { unavailableReason }),
    runtime,
    model,
    ...(fallback === undefined ? {} : { fallbackModel: fallback }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    tools: runtime === 'llm' ? toolsOf(frontMatter, skillTools) : [],
    mcpServers: runtime === 'llm' ? [...new Set(frontMatter.mcp_servers)] : [],
    ...approvalsOf(frontMatter.requires_approval),
    delegatesTo: runtime === 'llm' ? [...new Set(frontMatter.delegates_to)] : [],
    instructions,
    body,
    bodyAt,
    executionMode: frontMatter.execution_mode ?? defaults.executionMode,
    queue: frontMatter.queue ?? routedQueue(id, defaults.routes),
    priority: frontMatter.priority ?? 'default',
    inputSchema: frontMatter.input_schema ?? null,
    outputSchema: frontMatter.output_schema ?? null,
    limits: limitsOf(frontMatter, defaults),
    retries: {
      maxRetries: frontMatter.retries?.max_retries ?? defaults.maxRetries,
      backoff: frontMatter.retries?.backoff ?? 'exponential',
      delayS: frontMatter.retries?.delay_s ?? 1,
    },
    notifications: agentNotifications(frontMatter.notifications),
    ...(resultEvent === undefined ? {} : { resultEvent }),
    frontMatter,
  };
}

/** Those that it lists itself and those of its skills, each once. */
function toolsOf({ tools = [] }: AgentFrontMatter, skillTools: readonly { name: string }[]): string[] {
  return [...new Set([...tools, ...skillTools.map(({ name }) => name)])];
}

/** An event that is sent once and without a promise keeps nobody from running: it is warned of. */
function whyNotPromised(event: AgentResultEvent | undefined, defaults: AgentDefaults): string | undefined {
  return event?.delivery === 'at-least-once' ? whyNotSent(event, defaults.resultEvents ?? null) : undefined;
}

/** Key by key: the agent's own `limits`, its profile, the profile `default`, what stands here. */
function limitsOf(frontMatter: AgentFrontMatter, defaults: AgentDefaults): AgentLimits {
  const own = frontMatter.limits ?? {};
  const profile = profileOf(frontMatter, defaults);
  const base = defaults.profiles?.['default'];
  const softTimeoutS = own.soft_timeout_s ?? profile?.softTimeoutS ?? base?.softTimeoutS;
  const maxTokens = own.max_tokens ?? profile?.maxTokens ?? base?.maxTokens;
  return {
    timeoutS: own.timeout_s ?? profile?.timeoutS ?? base?.timeoutS ?? 3600,
    ...(softTimeoutS === undefined ? {} : { softTimeoutS }),
    deadlineS: own.deadline_s ?? profile?.deadlineS ?? base?.deadlineS ?? 604_800,
    idleTimeoutS: own.idle_timeout_s ?? profile?.idleTimeoutS ?? base?.idleTimeoutS ?? 1800,
    maxTurns: own.max_turns ?? profile?.maxTurns ?? base?.maxTurns ?? 20,
    maxToolCalls: own.max_tool_calls ?? profile?.maxToolCalls ?? base?.maxToolCalls ?? 50,
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
}

/** Undefined also for a profile that nobody has. */
export function profileOf({ profile }: AgentFrontMatter, { profiles = {} }: AgentDefaults): LimitsProfile | undefined {
  return profile !== undefined && Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
}

function whyNotCallable({ http }: AgentFrontMatter, defaults: AgentDefaults): string | undefined {
  const agent = httpAgentOf(http, defaults.http ?? NO_HTTP_OPTIONS);
  return typeof agent === 'string' ? agent : undefined;
}

interface Needs {
  id: string;
  runtime: RuntimeName;
  model: string;
  fallback: string | undefined;
  hasCode: boolean;
}

function whatIsMissing(
  { id, runtime, model, fallback, hasCode }: Needs,
  providers: readonly ProviderOptions[],
): string | undefined {
  if (runtime === 'code') {
    return hasCode
      ? undefined
      : `no code agent has its id: export a provider with @Agent({ id: '${id}' }) from one of extensions`;
  }
  if (runtime !== 'llm') return undefined;
  const names = fallback === undefined ? [model] : [model, fallback];
  return names.map((name) => whyUnavailable(name, providers)).find((reason) => reason !== undefined);
}
