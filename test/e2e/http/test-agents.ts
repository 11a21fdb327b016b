import { Agent, type AgentHandler } from '@longhaul/agents';
import type { ExecutionContext } from '@longhaul/executions';
import { type ErrorCode, PermanentError } from '@longhaul/kernel';

const agent = (frontMatter: string) => `---\n${frontMatter}\n---\nYou are a test.\n`;

export const TEST_FILES: Record<string, string> = {
  'agents/slow/AGENT.md': agent('description: answers 202\nexecution_mode: async\nmodel: { name: demo/echo }'),
  'agents/quick/AGENT.md': agent('description: answers 200\nexecution_mode: sync\nmodel: { name: demo/echo }'),
  'agents/off/AGENT.md': agent('description: disabled\nenabled: false'),
  'agents/typed/AGENT.md': agent(
    `description: checks its input
runtime: code
execution_mode: sync
input_schema: { type: object, required: [topic], additionalProperties: false, properties: { topic: { type: string } } }`,
  ),
};

/** Fails with the code that it is asked for: `{ "input": { "code": "timeout" } }`. */
@Agent({ id: 'failing', executionMode: 'sync', maxRetries: 0 })
class FailingAgent implements AgentHandler {
  run(context: ExecutionContext): Promise<never> {
    const { code } = context.input as { code: ErrorCode };
    throw new PermanentError(`failed as asked (${code})`, { code, details: { asked: true } });
  }
}

@Agent({ id: 'typed' })
class TypedAgent implements AgentHandler {
  run(context: ExecutionContext) {
    return Promise.resolve({ seen: context.input });
  }
}

export const TEST_AGENTS = [FailingAgent, TypedAgent];
