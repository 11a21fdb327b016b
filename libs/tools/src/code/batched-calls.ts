import { AsyncLocalStorage } from 'node:async_hooks';
import { isJsonObject, type JsonObject, type JsonValue, PermanentError } from '@longhaul/kernel';
import type { ToolCall } from '../tool';

/** Calls of one owner that are made together. */
export interface ToolBatch {
  readonly owner: string;
  /** In the order of the arguments. */
  readonly calls: readonly ToolCall[];
  /** Aborts when none of them is wanted any more. */
  readonly signal: AbortSignal;
}

/** How many calls go together at most, and how long the first of them waits for others. */
export interface BatchRules {
  max: number;
  waitMs: number;
}

interface Entry {
  args: JsonObject;
  call: ToolCall;
  resolve: (answer: JsonValue) => void;
  reject: (reason: unknown) => void;
}

/**
 * Has calls of one tool that come close together, in this process and for one owner, made by one call of `send`, which
 * answers a list in their order. One that fails is an `Error` in it, or `{ error: text }` for the model, and costs the
 * others nothing; what `send` throws fails all of them. One whose signal aborts is given up at once, the others go on.
 */
export class BatchedCalls {
  private readonly gathering = new Map<string, { entries: Entry[]; timer: NodeJS.Timeout }>();
  /** What is sent together belongs to no one of those who asked for it. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(
    private readonly place: string,
    private readonly rules: BatchRules,
    private readonly send: (args: JsonObject[], batch: ToolBatch) => Promise<unknown>,
  ) {}

  async make(args: JsonObject, call: ToolCall): Promise<JsonValue> {
    const { signal } = call;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<JsonValue>();
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    this.gather({ args, call, resolve, reject });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  private gather(entry: Entry): void {
    const { owner } = entry.call;
    const group = this.gathering.get(owner) ?? this.begin(owner);
    group.entries.push(entry);
    if (group.entries.length >= this.rules.max) this.flush(owner);
  }

  private begin(owner: string) {
    const timer = this.outside(() => setTimeout(() => this.flush(owner), this.rules.waitMs));
    const group = { entries: [] as Entry[], timer };
    this.gathering.set(owner, group);
    return group;
  }

  private flush(owner: string): void {
    const { entries = [], timer } = this.gathering.get(owner) ?? {};
    this.gathering.delete(owner);
    clearTimeout(timer);
    const wanted = entries.filter(({ call }) => !call.signal.aborted);
    if (wanted.length > 0) void this.outside(() => this.sendAll(owner, wanted));
  }

  private async sendAll(owner: string, entries: Entry[]): Promise<void> {
    const calls = entries.map(({ call }) => call);
    try {
      const signal = whenAllAbort(calls.map((call) => call.signal));
      const args = entries.map((entry) => entry.args);
      const answers = await this.send(args, { owner, calls, signal });
      if (!Array.isArray(answers) || answers.length !== entries.length) throw wrongAnswers(this.place, calls, answers);
      entries.forEach((entry, index) => settle(entry, answers[index]));
    } catch (error) {
      for (const { reject } of entries) reject(error);
    }
  }
}

function settle({ resolve, reject }: Entry, answer: unknown): void {
  if (answer instanceof Error) return reject(answer);
  const value = (answer ?? null) as JsonValue;
  const failed = isJsonObject(value) && Object.keys(value).length === 1 && typeof value['error'] === 'string';
  if (failed) reject(new PermanentError(value['error'] as string));
  else resolve(value);
}

/** Whether anything was done is not known: it is no answer for a model. */
function wrongAnswers(place: string, calls: readonly ToolCall[], answers: unknown): Error {
  const got = Array.isArray(answers) ? `${answers.length}` : 'none';
  return new Error(
    `${place}: ${calls.length} calls are answered by a list of ${calls.length}, in their order; got ${got}`,
  );
}

function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    const count = () => {
      if ((left -= 1) === 0) all.abort(signal.reason);
    };
    signal.addEventListener('abort', count, { once: true });
  }
  return all.signal;
}
