export { FakeLlm } from './fake-llm';
export type { LlmRequest } from './fake-llm';
export { answers, callsTools, says } from './reply';
export type { Reply, ScriptedCall } from './reply';
