import { type ErrorCode, type JsonObject, type JsonValue, newId, PermanentError } from '@longhaul/kernel';
import { isTerminal } from '../../lifecycle/status';
import type { NewWait, RecordedWait } from '../../statements/waits';
import type { JournalledRun } from './step-run';
import type { ApprovalDecision, ApprovalRequest, EventRequest, InvokeRequest } from '../../step-runner';

/** What came of a wait: nothing yet, a value, or an error. */
export type WaitOutcome<T> =
  { kind: 'pending' } | { kind: 'value'; value: T } | { kind: 'error'; error: PermanentError };

/** One kind of waiting: what is stored when it begins, and what its answer means. */
export interface WaitSpec<T> {
  begin(): NewWait;
  outcome(wait: RecordedWait): WaitOutcome<T>;
  /** Called once it is stored, and again by each later run while it is pending. */
  see?(wait: Pick<RecordedWait, 'id' | 'name' | 'child'>): Promise<void>;
}

const PENDING = { kind: 'pending' } as const;
/** Ten years: more is a mistake in the unit. */
const LONGEST_MS = 315_360_000_000;

export function timerSpec(key: string, durationMs: number, why: string | null): WaitSpec<void> {
  return {
    begin: () => newWait('timer', why, {}, checkedMs(key, durationMs)),
    outcome: ({ resolved }) => (resolved ? { kind: 'value', value: undefined } : PENDING),
  };
}

export function eventSpec<T extends JsonValue>(key: string, { name, timeoutMs }: EventRequest): WaitSpec<T | null> {
  return {
    begin: () =>
      newWait('event', checkedName(key, name), {}, timeoutMs === undefined ? null : checkedMs(key, timeoutMs)),
    outcome: ({ resolved, resolution }) => {
      if (!resolved) return PENDING;
      const { data = null } = (resolution ?? {}) as { data?: JsonValue };
      return { kind: 'value', value: data as T | null };
    },
  };
}

/** `announce`: has the log tell of it, for the people who are to decide. */
export function approvalSpec(
  key: string,
  { subject, arguments: args = {}, schema, message, expiresInMs, onExpiry = 'reject' }: ApprovalRequest,
  announce: (wait: NewWait) => void,
): WaitSpec<ApprovalDecision> {
  return {
    begin: () => {
      const details: JsonObject = {
        arguments: args,
        on_expiry: onExpiry,
        ...(schema === undefined ? {} : { schema }),
        ...(message === undefined ? {} : { message }),
      };
      const wakeInMs = expiresInMs === undefined ? null : checkedMs(key, expiresInMs);
      const wait = { ...newWait('approval', checkedName(key, subject), details, wakeInMs), id: newId('appr') };
      announce(wait);
      return wait;
    },
    outcome: ({ resolved, resolution, details }) => {
      if (!resolved) return PENDING;
      return { kind: 'value', value: decisionOf(resolution as StoredDecision | null, details) };
    },
  };
}

/** What a person decided, as `WaitsService.resolve` is to be given it. */
export interface StoredDecision {
  approved: boolean;
  arguments?: JsonObject;
  feedback?: string;
  decided_by?: string;
}

function decisionOf(stored: StoredDecision | null, details: JsonObject): ApprovalDecision {
  const asked = (details['arguments'] ?? {}) as JsonObject;
  const approved = stored ? stored.approved : details['on_expiry'] === 'approve';
  return {
    approved,
    arguments: stored?.arguments ?? asked,
    feedback: stored?.feedback ?? null,
    decidedBy: stored?.decided_by ?? null,
    expired: stored === null,
  };
}

export function childSpec(
  ask: InvokeRequest,
  owner: Pick<JournalledRun, 'childCommand' | 'submit'>,
): WaitSpec<JsonValue> {
  const { kind = 'agent', agent } = ask;
  return {
    begin: () => {
      const id = newId('exec');
      // What can never be accepted is no wait.
      owner.childCommand(id, ask);
      return newWait('child', id, { agent }, null);
    },
    see: async ({ name, child }) => {
      if (child === null && name !== null) await owner.submit(owner.childCommand(name, ask));
    },
    outcome: (wait) => endOf(wait, `${kind === 'agent' ? 'agent ' : ''}"${agent}"`),
  };
}

/** The end of an execution that there is already. */
export function endSpec(executionId: string, target: string): WaitSpec<JsonValue> {
  return {
    begin: () => newWait('child', executionId, { agent: target }, null),
    outcome: (wait) => endOf(wait, `"${target}"`),
  };
}

function endOf({ name, child }: Pick<RecordedWait, 'name' | 'child'>, what: string): WaitOutcome<JsonValue> {
  if (!child || !isTerminal(child.status)) return PENDING;
  if (child.status === 'completed') return { kind: 'value', value: child.output };
  const { code, message } = child.error ?? { code: 'cancelled', message: 'it was cancelled' };
  const details = { execution_id: name, ...(child.error ? { cause: { ...child.error } } : {}) };
  const text = `${what}, asked as ${name}, ${child.status}: ${message}`;
  return { kind: 'error', error: new PermanentError(text, { code: code as ErrorCode, details }) };
}

function newWait(kind: NewWait['kind'], name: string | null, details: JsonObject, wakeInMs: number | null): NewWait {
  return { id: newId('wait'), kind, name, details, wakeInMs };
}

function checkedMs(key: string, ms: unknown): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST_MS) return Math.round(ms);
  throw new PermanentError(`step "${key}" waits for ${String(ms)} ms: a number from 0 to ${LONGEST_MS} is expected`);
}

function checkedName(key: string, name: unknown): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= 200 && !name.includes('\0')) return name;
  throw new PermanentError(`step "${key}" waits for something without a name: give it one of 1 to 200 characters`);
}
