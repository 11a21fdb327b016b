import type { SubmitCommand } from '@longhaul/executions';
import { submitCommand } from '@longhaul/executions/testing';
import type { AppendRequest } from '../../../libs/executions/src/statements/append-events';
import type { ClaimRequest } from '../../../libs/executions/src/statements/claim';
import type { RunEnding } from '../../../libs/executions/src/statements/end-run';
import { type Fence, fenceKey } from '../../../libs/executions/src/statements/fence';
import type { Action, How, Submission } from './action';
import { type Cast, type KnownRun, picked } from './cast';

export const OWNER = 'local';
export const DELAY_MS = 3_600_000;
const BOOM = { code: 'agent_error', message: 'boom', retryable: true };

export interface Ending {
  fence: Fence;
  ending: RunEnding;
  run: KnownRun;
}

/** An action of those who are there now. */
export type Step =
  | { do: 'submit'; commands: SubmitCommand[] }
  | { do: 'claim'; requests: ClaimRequest[]; unheard: boolean }
  | { do: 'append'; requests: AppendRequest[] }
  | { do: 'end'; endings: Ending[] }
  | { do: 'cancel'; id: string; owner: string }
  | { do: 'redrive'; commands: SubmitCommand[] }
  | { do: 'discard'; ids: string[] }
  | { do: 'late' | 'arrive'; id: string }
  | { do: 'idle' | 'heartbeat' | 'silence' | 'restart' | 'drain'; worker: number; workerId: string }
  | { do: 'sweep' | 'pass' | 'wait' };

/** Null where nobody is there who could do it. */
export function stepOf(action: Action, cast: Cast): Step | null {
  switch (action.do) {
    case 'submit':
      return { do: 'submit', commands: action.submissions.map(commandOf) };
    case 'claim': {
      const workerId = cast.workers[action.worker] ?? '';
      const found = action.rings.flatMap((ring) => picked(cast.executions, ring) ?? []);
      const requests = found.map((executionId) => ({ executionId, workerId, solo: action.alone }));
      return requests.length > 0 ? { do: 'claim', requests, unheard: action.unheard } : null;
    }
    case 'append': {
      const heard = cast.heard();
      const fences = action.runs.flatMap((run) => picked(heard, run) ?? []);
      const requests = fences.map((fence) => requestOf(fence, action.what, (cast.markers += 1)));
      return requests.length > 0 ? { do: 'append', requests } : null;
    }
    case 'end': {
      const heard = cast.heard();
      const all = action.endings.flatMap(({ run, how, forged }) => {
        const known = picked(heard, run);
        return known ? [endingOf(known, how, forged, cast)] : [];
      });
      // A run ends once in a batch: its process waits for the answer.
      const endings = [...new Map(all.map((one) => [fenceKey(one.fence), one])).values()];
      return endings.length > 0 ? { do: 'end', endings } : null;
    }
    case 'cancel': {
      const id = picked(cast.executions, action.of);
      return id === undefined ? null : { do: 'cancel', id, owner: action.stranger ? 'somebody-else' : OWNER };
    }
    case 'late':
    case 'arrive': {
      const id = picked(cast.executions, action.of);
      return id === undefined ? null : { do: action.do, id };
    }
    case 'redrive': {
      const letters = action.letters.flatMap((letter) => picked(cast.failed, letter) ?? []);
      const commands = letters.map((executionId) =>
        submitCommand({ owner: OWNER, retryOf: { executionId, seen: '' } }),
      );
      return commands.length > 0 ? { do: 'redrive', commands } : null;
    }
    case 'discard': {
      const ids = action.letters.flatMap((letter) => picked(cast.failed, letter) ?? []);
      return ids.length > 0 ? { do: 'discard', ids } : null;
    }
    case 'idle':
    case 'heartbeat':
    case 'silence':
    case 'restart':
    case 'drain':
      return { ...action, workerId: cast.workers[action.worker] ?? '' };
    case 'sweep':
    case 'pass':
    case 'wait':
      return action;
  }
}

function commandOf({ key, body, line, delayed, maxAttempts }: Submission): SubmitCommand {
  return submitCommand({
    owner: OWNER,
    maxAttempts,
    delayMs: delayed ? DELAY_MS : 0,
    ...(key === null ? {} : { idempotency: { route: 'r', key: `key-${key}`, bodyHash: body } }),
    ...(line === null ? {} : { conversationId: `conv_${line}`, isTurn: true }),
  });
}

/** A step is recorded by START and result in one: what a run does with the steps of an earlier one is its own affair. */
function requestOf(fence: KnownRun, what: 'delta' | 'step', marker: number): AppendRequest {
  if (what === 'delta') return { fence, type: 'output.delta', data: { marker } };
  const key = `step-${marker}`;
  const step = { id: `step_${marker}`, key, effects: 'repeatable' as const, status: 'completed' as const };
  return {
    fence,
    type: 'step.completed',
    data: { marker, step_id: step.id },
    step: { ...step, attempt: fence.attempt, result: marker },
  };
}

function endingOf(run: KnownRun, how: How, forged: 'epoch' | 'worker' | null, cast: Cast): Ending {
  const { executionId, runId, epoch, workerId } = run;
  const other = cast.workers.find((id) => id !== workerId) ?? '';
  const fence = {
    executionId,
    runId,
    epoch: forged === 'epoch' ? epoch + 1_000 : epoch,
    workerId: forged === 'worker' ? other : workerId,
  };
  return { fence, ending: endingFor(run, how, (cast.markers += 1)), run };
}

/** As a process decides: no attempt more than allowed, no cancel that nobody asked for. */
function endingFor({ attempt, maxAttempts, told }: KnownRun, how: How, marker: number): RunEnding {
  const failed: RunEnding = { kind: 'failed', error: { ...BOOM, message: `boom ${marker}` } };
  switch (how) {
    case 'completed':
      return { kind: 'completed', output: { marker } };
    case 'failed':
      return failed;
    case 'retrying':
      if (attempt >= maxAttempts) return failed;
      return { kind: 'retrying', error: BOOM, delayMs: marker % 2 === 0 ? DELAY_MS : 0 };
    case 'released':
      return { kind: 'released' };
    case 'parked':
      return { kind: 'parked', waitingFor: [{ kind: 'timer', wait_id: 'wait_1', step: 'nap' }] };
    case 'cancelled':
      return told ? { kind: 'cancelled' } : { kind: 'completed', output: { marker } };
  }
}
