import { Injectable } from '@nestjs/common';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import { type ModelMessage, Models } from '@longhaul/models';
import { ConversationHistory } from '../../conversations/conversation-history';
import type { AgentDefinition } from '../../definition/agent-definition';
import { outputInvalid } from '../../definition/output-invalid';
import { AgentRuntime } from '../agent-runtime';
import { ask, type Answer, type Question } from './model-step';
import { readOutput, repairRequest, schemaInstructions } from './structured-output';

/**
 * Has a model answer, and passes the answer on while it comes. The output is `{ text }`, with `finish_reason: length`
 * when `max_tokens` cut it off; of an invoke of an agent with an `output_schema` it is the value that fits it.
 */
@Injectable()
export class LlmRuntime extends AgentRuntime {
  readonly name = 'llm';

  constructor(
    private readonly models: Models,
    private readonly history: ConversationHistory,
  ) {
    super();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const isInvoke = context.turn === null;
    const text = isInvoke ? JSON.stringify(context.input) : questionOf(context.input);
    const messages: ModelMessage[] = [...(await this.history.before(context)), { role: 'user', text }];
    if (isInvoke && agent.outputSchema !== null) return this.structured(agent, agent.outputSchema, messages, context);
    const { text: answer, reason } = await this.ask('model:1', agent, questionFor(agent, messages, context), context);
    return { output: { text: answer, ...(reason === 'length' ? { finish_reason: reason } : {}) } };
  }

  /** One repair: a model that fails twice was asked for what it cannot do. */
  private async structured(
    agent: AgentDefinition,
    schema: JsonObject,
    messages: ModelMessage[],
    context: ExecutionContext,
  ): Promise<ExecutionResult> {
    const plain = questionFor(agent, messages, context);
    const instructions = [plain.instructions, schemaInstructions(schema)].filter((part) => part !== '').join('\n\n');
    const question = { ...plain, instructions, outputSchema: schema };
    const first = await this.ask('model:1', agent, question, context);
    const reading = readOutput(schema, first.text);
    if (reading.ok) return { output: reading.value };
    // Who follows the text must not take it for the answer.
    await context.events.append('output.reset', { step_id: first.stepId });
    if (first.reason === 'length')
      throw outputInvalid(agent.id, reading.issues, 'raise model.max_tokens: it cut the answer off');
    const repair: ModelMessage[] = [
      { role: 'assistant', text: first.text },
      { role: 'user', text: repairRequest(reading.issues) },
    ];
    const second = await this.ask('model:2', agent, { ...question, messages: [...messages, ...repair] }, context);
    const repaired = readOutput(schema, second.text);
    if (repaired.ok) return { output: repaired.value };
    throw outputInvalid(agent.id, repaired.issues);
  }

  private ask(key: string, agent: AgentDefinition, question: Question, context: ExecutionContext): Promise<Answer> {
    return ask(key, { name: agent.model, fallback: agent.fallbackModel }, question, this.models, context);
  }
}

function questionFor(agent: AgentDefinition, messages: ModelMessage[], context: ExecutionContext): Question {
  const { temperature, maxTokens } = agent;
  return {
    instructions: agent.instructions,
    messages,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    demo: {
      agent: agent.id,
      file: agent.file,
      body: agent.body,
      async: agent.executionMode === 'async',
      attempt: context.attempt,
      input: context.input,
    },
  };
}

/** A chat's message, with the context that came with it. */
function questionOf(input: JsonValue): string {
  if (typeof input === 'string') return input;
  if (isJsonObject(input) && typeof input['message'] === 'string') return withContext(input['message'], input);
  return JSON.stringify(input);
}

/** A chat's `context` is for the model to read; `context.demo` directs the demo model and is not. */
function withContext(message: string, input: JsonObject): string {
  if (!isJsonObject(input['context'])) return message;
  const { demo: _, ...context } = input['context'];
  return Object.keys(context).length === 0 ? message : `${message}\n\nContext:\n${JSON.stringify(context)}`;
}
