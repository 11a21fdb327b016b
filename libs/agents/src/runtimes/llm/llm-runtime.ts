import { Injectable } from '@nestjs/common';
import type { ExecutionContext, ExecutionResult } from '@longhaul/executions';
import { isJsonObject, type JsonObject, type JsonValue } from '@longhaul/kernel';
import type { ModelMessage } from '@longhaul/models';
import { McpServers, ToolCalls, ToolRegistry } from '@longhaul/tools';
import { AgentRegistry } from '../../agent-registry';
import { ConversationHistory } from '../../conversations/conversation-history';
import type { AgentDefinition } from '../../definition/agent-definition';
import { outputInvalid } from '../../definition/output-invalid';
import { Jobs } from '../../tool-executions/jobs';
import { AgentRuntime } from '../agent-runtime';
import { Dialogue } from './dialogue';
import { ModelCalls } from './model-calls';
import type { Question } from './model-step';
import { readOutput, repairRequest, schemaInstructions } from './structured-output';
import { Toolbox } from './tools/toolbox';
import { TOOL_INSTRUCTIONS } from './tools/tool-texts';

/**
 * Has a model answer, with the help of the agent's tools, and passes the answer on while it comes. The output is `{ text }`, with `finish_reason: length`
 * when `max_tokens` cut it off; of an invoke of an agent with an `output_schema` it is the value that fits it.
 */
@Injectable()
export class LlmRuntime extends AgentRuntime {
  readonly name = 'llm';

  constructor(
    private readonly models: ModelCalls,
    private readonly history: ConversationHistory,
    private readonly tools: ToolRegistry,
    private readonly servers: McpServers,
    private readonly agents: AgentRegistry,
    private readonly calls: ToolCalls,
    private readonly jobs: Jobs,
  ) {
    super();
  }

  async run(agent: AgentDefinition, context: ExecutionContext): Promise<ExecutionResult> {
    const isInvoke = context.turn === null;
    const text = isInvoke ? JSON.stringify(context.input) : questionOf(context.input);
    const messages: ModelMessage[] = [...(await this.history.before(context)), { role: 'user', text }];
    const schema = isInvoke ? agent.outputSchema : null;
    const question = questionFor(agent, messages, schema, context);
    const { tools: registry, servers, agents, calls, jobs } = this;
    const toolbox = new Toolbox(agent, { registry, servers, agents, calls, jobs }, context);
    await toolbox.ready();
    const dialogue = new Dialogue(agent, question, this.models, toolbox, context);
    if (schema !== null) return structured(agent, schema, dialogue, context);
    const { text: answer, reason } = await dialogue.answer();
    return { output: { text: answer, ...(reason === 'length' ? { finish_reason: reason } : {}) } };
  }
}

/** One repair: a model that fails twice was asked for what it cannot do. */
async function structured(
  agent: AgentDefinition,
  schema: JsonObject,
  dialogue: Dialogue,
  context: ExecutionContext,
): Promise<ExecutionResult> {
  const first = await dialogue.answer();
  const reading = readOutput(schema, first.text);
  if (reading.ok) return { output: reading.value };
  // Who follows the text must not take it for the answer.
  await context.events.append('output.reset', { step_id: first.stepId });
  if (first.reason === 'length')
    throw outputInvalid(agent.id, reading.issues, 'raise model.max_tokens: it cut the answer off');
  const second = await dialogue.answerAgain(first.text, repairRequest(reading.issues));
  const repaired = readOutput(schema, second.text);
  if (repaired.ok) return { output: repaired.value };
  throw outputInvalid(agent.id, repaired.issues);
}

/**
 * Whoever has tools is asked for JSON in words alone: some providers refuse a question with both tools and a schema, and
 * others take the schema for one more tool.
 */
function questionFor(
  agent: AgentDefinition,
  messages: ModelMessage[],
  schema: JsonObject | null,
  context: ExecutionContext,
): Question {
  const { temperature, maxTokens } = agent;
  const hasTools = agent.tools.length > 0 || agent.mcpServers.length > 0 || agent.delegatesTo.length > 0;
  const parts = [
    agent.instructions,
    hasTools ? TOOL_INSTRUCTIONS : '',
    schema === null ? '' : schemaInstructions(schema),
  ];
  return {
    instructions: parts.filter((part) => part !== '').join('\n\n'),
    ...(schema === null || hasTools ? {} : { outputSchema: schema }),
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
