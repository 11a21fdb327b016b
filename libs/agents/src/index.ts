export { Agent } from './agent-handler';
export type { AgentHandler } from './agent-handler';
export { AgentRegistry } from './agent-registry';
export { AgentsModule } from './agents.module';
export { AgentsService } from './agents.service';
export type { AgentDefaults, AgentDefinition, ExecutionMode } from './definition/agent-definition';
export { loadAgentFiles } from './loading/load-agent-files';
export type { AgentInput, SubmitRequest, Submitted } from './submit-request';
