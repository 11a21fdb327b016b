import type { SubmitCommand, SubmitOutcome } from '@longhaul/executions';
import type { JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import type { AgentDefinition } from './definition/agent-definition';

/**
 * What the agent is asked. A chat is stored, and given to the runtime as `context.input`, as `{ message, context? }`;
 * an invoke as its `input`, untouched.
 */
export type AgentInput =
  { operation: 'chat'; message: string; context?: JsonObject } | { operation: 'invoke'; input: JsonValue };

/** One request to run an agent, as a client made it. What is absent is the agent's own or the gateway's default. */
export interface SubmitRequest {
  agentId: string;
  owner: string;
  input: AgentInput;
  metadata?: JsonObject;
  tags?: string[];
  priority?: Priority;
  /** 0 to 2,592,000 (30 days). */
  delayS?: number;
  /** Hard limit of each run: 0.1 to 86,400. */
  timeoutS?: number;
  /** 0 to 100. */
  maxRetries?: number;
  conversationId?: string;
  correlationId?: string;
  traceparent?: string;
  /** Whom to tell of the end; already checked. */
  notify?: SubmitCommand['notify'];
  idempotency?: SubmitCommand['idempotency'];
}

/** What was accepted. `replayed`: the idempotency key was known, this is the execution that it made the first time. */
export interface Submitted extends SubmitOutcome {
  agent: AgentDefinition;
}
