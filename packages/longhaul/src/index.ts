/** What developers who build on Longhaul import: `import { Gateway, Agent } from 'longhaul'`. Everything else is ours. */
import '@longhaul/kernel';
import 'reflect-metadata';

export { Agent, AgentRegistry, AgentsService, ConversationsService, defineAgent } from '@longhaul/agents';
export type { AgentDefinition, AgentHandler, AgentOptions, ExecutionMode } from '@longhaul/agents';
export { InjectGatewayConfig } from '@longhaul/config';
export type { GatewayConfig, Scope } from '@longhaul/config';
export { EXECUTION_STATUSES, ExecutionHooks, isTerminal, OnExecution, RunAborted } from '@longhaul/executions';
export type {
  AbortReason,
  EventWriter,
  ExecutionChange,
  ExecutionContext,
  ExecutionEventType,
  ExecutionListener,
  ExecutionRecord,
  ExecutionResult,
  ExecutionStatus,
  StepContext,
  StepEffects,
  StepOptions,
  StepRunner,
} from '@longhaul/executions';
export { VERSION } from '@longhaul/gateway';
export { ConfigurationError, LonghaulError, NoEffectError, PermanentError, RetryableError } from '@longhaul/kernel';
export type { ErrorCode, Failure, Issue, JsonObject, JsonValue, Priority } from '@longhaul/kernel';
export { ExecutionQueue, HintBus, parseQueueJob, QueueBackend } from '@longhaul/queue';
export type { Hint, QueueDelivery, QueueJob } from '@longhaul/queue';
export type { ExtensionInput, ProcessRole } from '@longhaul/gateway';
export { Tool, TOOL_TAGS, ToolRegistry } from '@longhaul/tools';
export type { ToolBatch, ToolCall, ToolDefinition, ToolOptions, ToolTag } from '@longhaul/tools';
export { Access } from '../../../apps/api/src/auth/access';
export { Gateway } from './gateway';
export type { GatewayCreateOptions } from './gateway';
export { GatewayModule } from './gateway.module';
export type { GatewayModuleAsyncOptions, GatewayModuleOptions, GatewayOptions, MountOptions } from './gateway-options';
export { GatewayService } from './gateway.service';
export type { AgentRequest, SubmitOptions, WaitOptions } from './gateway.service';
