import { applyDecorators, Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { NotifyTargets } from '@longhaul/config';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import type { JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import type { ExecutionMode } from './definition/agent-definition';
import type { AgentResultEvent } from './definition/result-event';

/** What the decorator says of a code agent. An AGENT.md of the same id with `runtime: code` overrides it key by key. */
export interface AgentOptions {
  id: string;
  description?: string;
  displayName?: string;
  tags?: string[];
  version?: string;
  executionMode?: ExecutionMode;
  queue?: string;
  priority?: Priority;
  /** JSON Schema; the handler never sees an input that does not fit. */
  inputSchema?: JsonObject;
  outputSchema?: JsonObject;
  /** Hard limit of one run, in seconds. */
  timeoutS?: number;
  /** After so many seconds a run is told to stop, and tried again; less than `timeoutS`. */
  softTimeoutS?: number;
  /** Limit of the execution with all its attempts and waits, in seconds. */
  deadlineS?: number;
  /** Longest silence of a run, in seconds; `context.heartbeat()` breaks it. */
  idleTimeoutS?: number;
  maxRetries?: number;
  /** Who is told of its ends, instead of those that gateway.yaml names: `{ onError: 'slack' }`; `[]` = nobody. */
  notifications?: {
    onComplete?: NotifyTargets;
    onError?: NotifyTargets;
    onTimeout?: NotifyTargets;
    onApproval?: NotifyTargets;
  };
  /** The event that tells other services of an end, or its name alone. */
  resultEvent?: string | { name: string; failure?: string; delivery?: AgentResultEvent['delivery'] };
}

/** An agent written as a Nest provider: `@Agent({ id: 'triage' }) class TriageAgent implements AgentHandler`. */
export interface AgentHandler {
  /**
   * Does one run. `context.input` is the `input` of an invoke as it was sent, or `{ message, context? }` of a chat.
   * Answers the output, or `{ output, usage }`: an object with no other keys than these two is taken as such.
   * A thrown `PermanentError` fails the execution; anything else is retried while attempts are left. Must stop soon
   * after `context.signal` aborts.
   */
  run(context: ExecutionContext): Promise<ExecutionResult | JsonValue>;
}

/** Read by the registry; write `@Agent`. */
export const AgentMetadata = DiscoveryService.createDecorator<AgentOptions>();

/** Makes a provider (a singleton) an agent. Registered like any provider, or through `AgentsModule.forRoot({ agents })`. */
export function Agent(options: AgentOptions): (target: Type<AgentHandler>) => void {
  return applyDecorators(Injectable(), AgentMetadata(options));
}
