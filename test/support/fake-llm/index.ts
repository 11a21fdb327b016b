export { FakeLlm } from './fake-llm';
export type { LlmRequest } from './fake-llm';
export { answers, says } from './reply';
export type { Reply } from './reply';
