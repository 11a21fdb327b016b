import { isId, isJsonObject, type JsonObject, LonghaulError, unknownName } from '@longhaul/kernel';
import type { Credentials } from '../auth/takes-tickets';
import { expected } from '../validation/fields';

/** What is followed: one execution, or the turns of a conversation. */
export type Subject = { execution_id: string } | { conversation_id: string };

export type ClientFrame =
  | { type: 'auth'; credentials: Credentials }
  /** `after`: the seq of the last event that was seen, -1 for none. */
  | { type: 'subscribe'; subject: { execution_id: string }; after: number }
  /** `after`: the same for each execution that was seen. `afterTurn`: earlier turns are not wanted. */
  | { type: 'subscribe'; subject: { conversation_id: string }; after: Map<string, number>; afterTurn: number }
  | { type: 'unsubscribe'; subject: Subject };

/** No log and no conversation is longer; above it a database may not take the number at all. */
const MOST = 2_147_483_647;

const FIELDS: Record<ClientFrame['type'], string[]> = {
  auth: ['type', 'key', 'ticket'],
  subscribe: ['type', 'execution_id', 'conversation_id', 'after', 'after_turn'],
  unsubscribe: ['type', 'execution_id', 'conversation_id'],
};

/** Throws `invalid_json`, `invalid_request` or, for what cannot be an id, `not_found`. */
export function parseClientFrame(text: string): ClientFrame {
  const frame = parse(text);
  const type = frame['type'];
  if (!isType(type)) {
    const name = typeof type === 'string' ? unknownName('type', type.slice(0, 100), Object.keys(FIELDS)) : 'no type';
    throw invalid('type', `${name}; expected auth, subscribe or unsubscribe`);
  }
  const unknown = Object.keys(frame).find((name) => !FIELDS[type].includes(name));
  if (unknown !== undefined) throw invalid(unknown, unknownName('field', unknown.slice(0, 100), FIELDS[type]));
  if (type === 'auth') return { type, credentials: credentialsOf(frame) };
  const subject = subjectOf(frame);
  if (type === 'unsubscribe') return { type, subject };
  const { after, after_turn: afterTurn } = frame;
  if ('conversation_id' in subject) {
    return { type, subject, after: cursorsOf(after), afterTurn: numberOf('after_turn', afterTurn, 0) };
  }
  if (afterTurn !== undefined) throw invalid('after_turn', 'is for a conversation_id: an execution has no turns');
  return { type, subject, after: numberOf('after', after, -1) };
}

function parse(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new LonghaulError('invalid_json', `the message is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (!isJsonObject(value)) throw invalid('', `the message: ${expected('object', value)}`);
  return value;
}

function isType(type: unknown): type is ClientFrame['type'] {
  return typeof type === 'string' && Object.hasOwn(FIELDS, type);
}

function credentialsOf({ key, ticket }: JsonObject): Credentials {
  if ((key === undefined) === (ticket === undefined)) throw invalid('auth', 'expected key or ticket, one of the two');
  if (typeof key === 'string') return { key };
  if (typeof ticket === 'string') return { ticket };
  throw invalid(key === undefined ? 'ticket' : 'key', expected('string', key ?? ticket));
}

function subjectOf({ execution_id, conversation_id }: JsonObject): Subject {
  if ((execution_id === undefined) === (conversation_id === undefined)) {
    throw invalid('execution_id', 'expected execution_id or conversation_id, one of the two');
  }
  if (execution_id !== undefined) return { execution_id: idOf('exec', 'execution', execution_id) };
  return { conversation_id: idOf('conv', 'conversation', conversation_id) };
}

function idOf(prefix: 'exec' | 'conv', what: string, value: unknown): string {
  if (typeof value !== 'string') throw invalid(`${what}_id`, expected('string', value));
  if (isId(prefix, value)) return value;
  throw new LonghaulError('not_found', `no such ${what}: ids look like ${prefix}_01J…`);
}

function numberOf(path: string, value: unknown, least: number): number {
  if (value === undefined) return least;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST) return value;
  throw invalid(path, `expected a whole number from ${least} to ${MOST}, got ${JSON.stringify(value).slice(0, 100)}`);
}

function cursorsOf(value: unknown): Map<string, number> {
  if (value === undefined) return new Map();
  if (!isJsonObject(value)) {
    throw invalid('after', `${expected('object', value)}: of a conversation it is {"<execution_id>": <seq>}`);
  }
  return new Map(Object.entries(value).map(([id, seq]) => [id, numberOf(`after.${id.slice(0, 50)}`, seq, -1)]));
}

function invalid(path: string, message: string): LonghaulError {
  return new LonghaulError('invalid_request', path === '' ? message : `${path}: ${message}`, {
    issues: [{ path, message }],
  });
}
