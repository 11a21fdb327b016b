import { isDeepStrictEqual } from 'node:util';
import { type Execution, placeInConversation } from '@longhaul/executions';
import { isJsonObject, type JsonObject, type JsonValue, LonghaulError, toJsonText } from '@longhaul/kernel';
import { storedInput } from '../submission-checks';
import type { AgentInput } from '../submit-request';

/** What is to be asked instead: of a chat its message or context, of an invoke its input. What is absent stays. */
export interface ChangedInput {
  message?: string;
  context?: JsonObject;
  input?: JsonValue;
}

/** What the execution was asked, with the change. Throws `invalid_request` for a change that is not of its kind. */
export function askedAnew(execution: Execution, change: ChangedInput): AgentInput {
  const { id, input } = execution;
  if (placeInConversation(execution) === null) {
    const wrong = (['message', 'context'] as const).find((field) => change[field] !== undefined);
    if (wrong) throw notOfItsKind(wrong, `${id} is an invoke: change its input`);
    return { operation: 'invoke', input: change.input === undefined ? input : change.input };
  }
  if (change.input !== undefined) throw notOfItsKind('input', `${id} is a chat: change its message or context`);
  const before = isJsonObject(input) ? input : {};
  const message = change.message ?? before['message'];
  const context = change.context ?? before['context'];
  return {
    operation: 'chat',
    message: typeof message === 'string' ? message : JSON.stringify(message),
    ...(isJsonObject(context) ? { context } : {}),
  };
}

/** Throws `already_retried` when it was tried anew with another input than this change makes. */
export function assertSameChange(failed: Execution, successor: Execution, change: ChangedInput): void {
  if (Object.keys(change).length === 0) return;
  const wanted = JSON.parse(toJsonText(storedInput(askedAnew(failed, change)))) as JsonValue;
  if (isDeepStrictEqual(wanted, successor.input)) return;
  throw new LonghaulError(
    'already_retried',
    `${failed.id} was tried anew as ${successor.id}, with another input: cancel that one first, or submit a new one`,
    { details: { execution_id: successor.id } },
  );
}

function notOfItsKind(path: string, message: string): LonghaulError {
  return new LonghaulError('invalid_request', `${path}: ${message}`, { issues: [{ path, message }] });
}
