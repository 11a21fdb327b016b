export { LonghaulApiError, LonghaulConnectionError, LonghaulExecutionError, LonghaulTimeoutError } from './errors.ts';
export { LonghaulClient } from './longhaul-client.ts';
export type { LonghaulClientOptions } from './longhaul-client.ts';
export type { components, operations, paths } from './openapi.ts';
export { isTerminal } from './types.ts';
export type {
  Accepted,
  Agent,
  CallOptions,
  ChatRequest,
  Conversation,
  ConversationFilter,
  ConversationList,
  Execution,
  ExecutionEvent,
  ExecutionFilter,
  ExecutionList,
  ExecutionStatus,
  Failure,
  Health,
  InvokeRequest,
  MessageList,
  PageQuery,
  Problem,
  Run,
  SubmitOptions,
  WaitOptions,
  WatchOptions,
} from './types.ts';
