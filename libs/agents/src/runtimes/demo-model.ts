import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { isJsonObject, PermanentError, RetryableError, type JsonValue } from '@longhaul/kernel';
import type { AgentDefinition } from '../definition/agent-definition';
import type { ConversationMessage } from '../conversations/conversation-history';
import { demoOptionsOf, type DemoOptions } from './demo-options';

/** What an async agent takes by default: long enough to be seen in progress, short enough to wait for. */
const ASYNC_ANSWER_MS = 3000;

export interface ModelCall {
  agent: AgentDefinition;
  input: JsonValue;
  /** What was said before, oldest first. */
  history: ConversationMessage[];
  /** 1 for the first. */
  attempt: number;
  signal: AbortSignal;
}

export interface ModelChunk {
  text: string;
  /** How far the answer has come, 0 to 100; only a model that knows says so. */
  percent?: number;
}

/**
 * `demo/…`: the model that works without a network, a key or chance. The same input gives the same answer, which says
 * what arrived where and how to put a real model in its place. Directed by `context.demo`, see demo-options.ts.
 */
@Injectable()
export class DemoModel {
  /** The answer in pieces. Throws the signal's reason as soon as it aborts. */
  async *stream(call: ModelCall): AsyncGenerator<ModelChunk> {
    const options = demoOptionsOf(call.input);
    failIfAsked(options, call.attempt);
    const pieces = split(answerTo(call), options.chunks);
    const total = options.sleep_ms ?? (call.agent.executionMode === 'async' ? ASYNC_ANSWER_MS : 0);
    for (const [index, text] of pieces.entries()) {
      await pause(total / pieces.length, call.signal);
      yield { text, percent: Math.round(((index + 1) / pieces.length) * 100) };
    }
  }
}

/** What the agent was asked: a chat's message, or the whole input as JSON. */
export function questionOf(input: JsonValue): string {
  if (typeof input === 'string') return input;
  if (isJsonObject(input) && typeof input['message'] === 'string') return input['message'];
  return JSON.stringify(input);
}

function answerTo({ agent, input, history }: ModelCall): string {
  const firstLine = agent.instructions.split('\n').find((line) => line.trim() !== '') ?? '(none)';
  return [
    `You said: ${questionOf(input)}`,
    `I am "${agent.id}", answered by the demo model ${agent.model}, which echoes and does not think.`,
    ...(history.length === 0 ? [] : [`Before this, our conversation had turns: ${history.length / 2}.`]),
    `My instructions begin: ${firstLine.trim()}`,
    `To put a real model behind me, set model: { name: provider/model } in ${agent.file ?? 'my AGENT.md'}, ` +
      'or model.default in gateway.yaml.',
  ].join('\n');
}

function failIfAsked({ fail, fail_times: times }: DemoOptions, attempt: number): void {
  if (fail === undefined || (times !== undefined && attempt > times)) return;
  const message = `the demo model was asked to fail (context.demo.fail: ${fail}), this is attempt ${attempt}`;
  throw fail === 'retryable' ? new RetryableError(message) : new PermanentError(message);
}

/** At most `count` pieces of about the same length; never cuts a character in two. */
function split(text: string, count: number): string[] {
  const characters = Array.from(text);
  const size = Math.ceil(characters.length / count);
  const starts = Array.from({ length: Math.ceil(characters.length / size) }, (_, index) => index * size);
  return starts.map((start) => characters.slice(start, start + size).join(''));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
