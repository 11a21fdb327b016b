import { Injectable } from '@nestjs/common';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import { newId } from '@longhaul/kernel';
import type { AgentDefinition } from '../definition/agent-definition';
import { ConversationHistory } from '../conversations/conversation-history';
import { AgentRuntime } from './agent-runtime';
import { DemoModel, questionOf } from './demo-model';

/**
 * Has a model answer, and passes the answer on while it comes: `output.delta` events, then `{ text }` as the output.
 * The demo model is the only one yet; it counts words as tokens.
 */
@Injectable()
export class LlmRuntime extends AgentRuntime {
  readonly name = 'llm';

  constructor(
    private readonly model: DemoModel,
    private readonly history: ConversationHistory,
  ) {
    super();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const { input, attempt, signal } = context;
    const history = await this.history.before(context);
    const stepId = newId('step');
    let text = '';
    let index = 0;
    for await (const chunk of this.model.stream({ agent, input, history, attempt, signal })) {
      await context.events.append('output.delta', { step_id: stepId, channel: 'text', index, text: chunk.text });
      text += chunk.text;
      index += 1;
      if (chunk.percent !== undefined) context.progress(chunk.percent, 'answering');
    }
    const usage = {
      input_tokens: words(agent.instructions) + words(questionOf(input)),
      output_tokens: words(text),
      cost_usd: 0,
    };
    return { output: { text }, usage };
  }
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}
