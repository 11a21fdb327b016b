import { readFileSync } from 'node:fs';
import type { ChatRequest, InvokeRequest } from '@longhaul/client';
import { UsageError } from '../usage-error';

export interface RequestFlags {
  input?: string;
  context?: string;
  conversation?: string;
  priority?: 'high' | 'default' | 'low';
  timeout?: number;
  maxRetries?: number;
  delay?: number;
  tag?: string[];
  metadata?: string[];
}

/** A message is a chat, `--input` an invocation. Throws `UsageError`. */
export function requestBody(message: string | undefined, flags: RequestFlags): ChatRequest | InvokeRequest {
  const options = {
    ...(flags.conversation === undefined ? {} : { conversation_id: flags.conversation }),
    ...(flags.priority === undefined ? {} : { priority: flags.priority }),
    ...(flags.timeout === undefined ? {} : { timeout_s: flags.timeout }),
    ...(flags.maxRetries === undefined ? {} : { max_retries: flags.maxRetries }),
    ...(flags.delay === undefined ? {} : { delay_s: flags.delay }),
    ...(flags.tag === undefined ? {} : { tags: flags.tag }),
    ...(flags.metadata === undefined ? {} : { metadata: pairs(flags.metadata) }),
  };
  if (flags.input !== undefined) {
    if (message !== undefined) throw new UsageError('a message and --input exclude each other: leave one of them out');
    if (flags.context !== undefined) throw new UsageError('--context goes with a message, not with --input');
    return { ...options, input: readJson('--input', flags.input) };
  }
  if (message === undefined)
    throw new UsageError('nothing to hand in: give a message (- reads stdin), or --input for an agent with an input');
  return {
    ...options,
    message: message === '-' ? readText('the message', 0) : message,
    ...(flags.context === undefined ? {} : { context: readObject('--context', flags.context) }),
  };
}

export function readObject(flag: string, source: string): Record<string, unknown> {
  const value = readJson(flag, source);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new UsageError(`${flag}: expected a JSON object, such as '{"customer": "c-17"}'`);
}

/** JSON as it stands, of a file (`@input.json`), or of stdin (`-`). */
export function readJson(flag: string, source: string): unknown {
  const text = source === '-' ? readText(flag, 0) : source.startsWith('@') ? readText(flag, source.slice(1)) : source;
  try {
    return JSON.parse(text);
  } catch (error) {
    const from = source === '-' ? 'stdin' : source.startsWith('@') ? source.slice(1) : 'it';
    throw new UsageError(`${flag}: ${from} is not JSON: ${(error as Error).message}; a file is given as @file`);
  }
}

export function readText(flag: string, file: string | 0): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${flag}: cannot read ${file === 0 ? 'stdin' : file}: ${(error as Error).message}`);
  }
}

function pairs(texts: string[]): Record<string, string> {
  const entries = texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError(`--metadata: expected name=value, got "${text}"`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
