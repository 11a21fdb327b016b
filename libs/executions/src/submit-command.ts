import type { JsonObject, JsonValue, Priority } from '@longhaul/kernel';
import type { Handling } from './entities/dead-letter.entity';
import type { Fork, Notify } from './entities/execution.entity';
import type { JournalPrefix } from './statements/copy-steps';

/** One request to run something, already checked: the target exists, the input fits, the limits allow it. */
export interface SubmitCommand {
  kind: string;
  target: string;
  /** Whose it is: nobody else sees it. */
  owner: string;
  queue: string;
  priority: Priority;
  input: JsonValue;
  metadata: JsonObject;
  tags: string[];
  /** Minted when absent. One that its owner does not have yet begins. */
  conversationId?: string;
  /**
   * It is a turn of its conversation, and runs when all that were submitted before it are over. Otherwise the
   * conversation is a label: it waits for nobody, and nobody for it.
   */
  isTurn?: boolean;
  /** The caller's own id, carried through untouched; minted when absent. */
  correlationId?: string;
  /** W3C trace context of the request, carried through untouched. */
  traceparent?: string;
  /** 1 = no retry. */
  maxAttempts: number;
  /** Milliseconds before it becomes due. */
  delayMs: number;
  /** Hard limit of each run; null = the target's own. */
  timeoutMs: number | null;
  /** Milliseconds from when it is due to its deadline: whatever of it is left then fails. */
  deadlineMs: number;
  /**
   * The failed execution that this one tries anew. It is accepted only while the dead letter's handling is as it was
   * `seen`; otherwise the outcome is the execution that it was tried anew as. Never together with `idempotency`: it is
   * idempotent by itself.
   */
  retryOf?: { executionId: string; seen: Handling };
  /** It begins with a part of another execution's journal; the caller has seen that its owner has both. */
  journalFrom?: JournalPrefix;
  /** It is a fork of an execution that is over, or tries such a fork anew. */
  fork?: Fork;
  /** It is the child of an execution, whose step has chosen its id. `detached`: it goes on without its parent. */
  child?: { id: string; parentId: string; depth: number; detached?: boolean };
  /** Nobody rings for it after the commit; a sweep does. */
  rungBySweep?: boolean;
  /** Whom to tell of the end; already checked. */
  notify?: Notify;
  /** Same owner, route and key: the same execution. `bodyHash` tells whether the same was asked. */
  idempotency?: { route: string; key: string; bodyHash: string };
}
