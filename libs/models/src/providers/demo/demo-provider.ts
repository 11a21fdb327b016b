import { setTimeout as delay } from 'node:timers/promises';
import { PermanentError, RetryableError } from '@longhaul/kernel';
import type { ModelCall, ModelMessage, ModelPart, TokenUsage } from '../../model-call';
import { ModelProvider } from '../../model-provider';
import { demoOptionsOf, type DemoOptions } from './demo-options';

/** What an async agent takes by default: long enough to be seen in progress, short enough to wait for. */
const ASYNC_ANSWER_MS = 3000;

/**
 * `demo/…`: the model that works without a network, a key or chance. The same input gives the same answer, which says
 * what arrived where and how to put a real model in its place. Directed by `context.demo`, see demo-options.ts. It
 * counts words as tokens.
 */
export class DemoProvider extends ModelProvider {
  readonly name = 'demo';

  async *stream(call: ModelCall): AsyncGenerator<ModelPart> {
    const { demo, signal } = call;
    const options = demoOptionsOf(demo.input);
    failIfAsked(options, demo.attempt);
    const total = options.sleep_ms ?? (demo.async ? ASYNC_ANSWER_MS : 0);
    const round = sinceAsked(call.messages).filter(({ role }) => role === 'assistant').length;
    const wanted = options.tool_calls[round];
    if (wanted !== undefined) {
      await pause(total, signal);
      for (const [index, { tool, arguments: given }] of wanted.entries()) {
        yield { type: 'tool_call', id: `call_${round + 1}_${index + 1}`, name: tool, arguments: given };
      }
      yield { type: 'finish', reason: 'tool_calls', usage: usageOf(call, JSON.stringify(wanted)) };
      return;
    }
    const answer = answerTo(call);
    const pieces = split(answer, options.chunks);
    for (const [index, text] of pieces.entries()) {
      await pause(total / pieces.length, signal);
      yield { type: 'text', text };
      yield { type: 'progress', percent: Math.round(((index + 1) / pieces.length) * 100) };
    }
    yield { type: 'finish', reason: 'stop', usage: usageOf(call, answer) };
  }
}

/** What came after the last thing that the user said. */
function sinceAsked(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
}

function usageOf({ instructions, messages }: ModelCall, answer: string): TokenUsage {
  const asked = [instructions, ...messages.map(({ text }) => text)];
  const inputTokens = asked.reduce((sum, text) => sum + words(text), 0);
  return { inputTokens, cachedInputTokens: 0, outputTokens: words(answer) };
}

function answerTo({ demo, instructions, messages, model }: ModelCall): string {
  const firstLine = (demo.body || instructions).split('\n').find((line) => line.trim() !== '') ?? '(none)';
  const asked = messages.filter(({ role }) => role === 'user');
  const turns = asked.length - 1;
  return [
    `You said: ${asked.at(-1)?.text ?? ''}`,
    ...sinceAsked(messages).flatMap((said) => (said.role === 'tool' ? [`${said.name} answered: ${said.text}`] : [])),
    `I am "${demo.agent}", answered by the demo model demo/${model}, which echoes and does not think.`,
    ...(turns === 0 ? [] : [`Before this, our conversation had turns: ${turns}.`]),
    `My instructions begin: ${firstLine.trim()}`,
    `To put a real model behind me, set model: { name: provider/model } in ${demo.file ?? 'my AGENT.md'}, ` +
      'or model.default in gateway.yaml.',
  ].join('\n');
}

function words(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
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
