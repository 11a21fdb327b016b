import type { components, operations } from './openapi.ts';

type Schemas = components['schemas'];

/** The gateway's own shapes, as they are on the wire: see the gateway's /docs. */
export type Agent = Schemas['Agent'];
export type ChatRequest = Schemas['ChatRequest'];
export type InvokeRequest = Schemas['InvokeRequest'];
export type Accepted = Schemas['Accepted'];
export type Execution = Schemas['Execution'];
export type ExecutionList = Schemas['ExecutionList'];
export type ExecutionTree = Schemas['ExecutionTree'];
export type ExecutionEvent = Schemas['Event'];
export type Run = Schemas['Run'];
export type Step = Schemas['Step'];
export type Approval = Schemas['Approval'];
export type ApprovalList = Schemas['ApprovalList'];
export type ApprovalFilter = NonNullable<operations['listApprovals']['parameters']['query']>;
export type DecisionRequest = Schemas['DecisionRequest'];
export type SendEventRequest = Schemas['SendEventRequest'];
export type EventDelivered = Schemas['EventDelivered'];
export type Conversation = Schemas['Conversation'];
export type ConversationList = Schemas['ConversationList'];
export type ConversationFilter = NonNullable<operations['listConversations']['parameters']['query']>;
export type MessageList = Schemas['MessageList'];
export type PageQuery = NonNullable<operations['listMessages']['parameters']['query']>;
export type DeadLetter = Schemas['DeadLetter'];
export type DeadLetterList = Schemas['DeadLetterList'];
export type DeadLetterDetail = Schemas['DeadLetterDetail'];
export type DeadLetterGroupList = Schemas['DeadLetterGroupList'];
export type DeadLetterFilter = NonNullable<operations['listDeadLetters']['parameters']['query']>;
export type GroupFilter = NonNullable<operations['listDeadLetterGroups']['parameters']['query']>;
export type RedriveRequest = Schemas['RedriveRequest'];
export type Redriven = Schemas['Redriven'];
export type DiscardRequest = Schemas['DiscardRequest'];
export type Discarded = Schemas['Discarded'];
export type RetryRequest = Schemas['RetryRequest'];
export type ForkRequest = Schemas['ForkExecutionRequest'];
export type ExecutionDiff = Schemas['ExecutionDiff'];
export type Worker = Schemas['Worker'];
export type WebhookEndpoint = Schemas['WebhookEndpoint'];
export type WebhookEndpointList = Schemas['WebhookEndpointList'];
export type WebhookEndpointWithSecret = Schemas['WebhookEndpointWithSecret'];
export type CreateEndpointRequest = Schemas['CreateEndpointRequest'];
export type ChangeEndpointRequest = Schemas['ChangeEndpointRequest'];
export type RotateSecretRequest = Schemas['RotateSecretRequest'];
export type Delivery = Schemas['Delivery'];
export type DeliveryList = Schemas['DeliveryList'];
export type DeliveryDetail = Schemas['DeliveryDetail'];
export type DeliveryFilter = NonNullable<operations['listDeliveries']['parameters']['query']>;
export type DeliveryOrdered = Schemas['DeliveryOrdered'];
export type RedeliverRequest = Schemas['RedeliverRequest'];
export type Redelivered = Schemas['Redelivered'];
export type Failure = Schemas['Failure'];
export type Problem = Schemas['Problem'];
export type ExecutionStatus = Execution['status'];
export type ExecutionFilter = NonNullable<operations['listExecutions']['parameters']['query']>;

/** Readiness; `down` when the gateway says that requests should go elsewhere. */
export interface Health {
  status: Schemas['Health']['status'] | 'down';
  details: Record<string, unknown>;
}

export interface CallOptions {
  /** Ends the call, not the execution. */
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /** The same key and request give the same execution; a new one is made when absent, so that a retry is safe. */
  idempotencyKey?: string;
  /** Your own id, carried through. */
  correlationId?: string;
  /** W3C Trace Context. */
  traceparent?: string;
}

export interface WaitOptions extends CallOptions {
  /** Seconds until `LonghaulTimeoutError`; for ever when absent. */
  timeoutS?: number;
}

export interface WatchOptions extends CallOptions {
  /** Only events with a greater `seq`. */
  after?: number;
  /** False: only what is stored by now. */
  follow?: boolean;
}

export function isTerminal(status: ExecutionStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
