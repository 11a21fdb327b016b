import type { ChangedInput } from '@longhaul/agents';
import type { DeadLetterFilter, WalkPlace } from '@longhaul/executions';
import { isId, type Issue, LonghaulError } from '@longhaul/kernel';
import { changeOfRetry } from '../executions/retry.dto';
import { decodeCursor, encodeCursor } from '../lists/cursor';
import { type Choice, MAX_HANDLED, type RedriveRequest, toSelection } from './dead-letters.dto';

/** What a request chose: executions by their ids, or a walk through what is open. */
export type Chosen =
  { ids: string[] } | { filter: DeadLetterFilter; walk: { max: number; after: WalkPlace | undefined } };

const WALK = { name: 'dead-letter-walk', isPlace: (text: string) => WALK_PLACE.test(text) };
const WALK_PLACE = /^(\d{13,15})-(\d{13,15})-(exec_[0-9A-Z]{26})$/;
const WAYS = ['execution_ids', 'filter', 'all'] as const;

/** Throws `invalid_request` or `invalid_cursor`. */
export function chosenBy(dto: Choice): Chosen {
  const issues = issuesOf(dto);
  const [first] = issues;
  if (first) throw new LonghaulError('invalid_request', `${first.path}: ${first.message}`, { issues });
  if (dto.execution_ids !== undefined) return { ids: dto.execution_ids };
  const { filter, max = MAX_HANDLED, cursor } = dto;
  const after = cursor === undefined ? undefined : parsePlace(decodeCursor(WALK, cursor));
  return { filter: filter === undefined ? {} : toSelection(filter), walk: { max, after } };
}

/** The change that a redrive makes. Throws `invalid_request` where it is not of exactly one execution. */
export function changeOf(dto: RedriveRequest): ChangedInput {
  const change = changeOfRetry(dto);
  const [path] = Object.keys(change);
  if (path === undefined || dto.execution_ids?.length === 1) return change;
  const text = 'can be changed of exactly one execution: name it alone in execution_ids';
  throw new LonghaulError('invalid_request', `${path}: ${text}`, { issues: [{ path, message: text }] });
}

export function walkCursor(next: WalkPlace | undefined): string | null {
  return next === undefined ? null : encodeCursor(WALK, `${next.until}-${next.failedAt}-${next.executionId}`);
}

function issuesOf(dto: Choice): Issue[] {
  const [way = 'all', ...more] = WAYS.filter((name) => dto[name] !== undefined);
  const which = 'say which dead letters by exactly one of execution_ids, filter and all';
  if (more.length > 0) return [{ path: way, message: `${which}, got ${[way, ...more].join(' and ')}` }];
  if (dto[way] === undefined) return [{ path: way, message: `is missing: ${which}; all of them is "all": true` }];
  const { execution_ids: ids, filter } = dto;
  if (ids !== undefined) {
    const wrong = ids.find((id) => !isId('exec', id));
    if (ids.length === 0) return [{ path: way, message: 'is empty: name at least one execution' }];
    if (wrong !== undefined) return [{ path: way, message: `expected ids such as exec_01J…, got "${wrong}"` }];
    const alone = (['max', 'cursor'] as const).filter((name) => dto[name] !== undefined);
    return alone.map((path) => ({ path, message: 'goes with filter and all only' }));
  }
  // An empty filter is more likely a mistake than the wish to handle everything there is.
  if (filter !== undefined && Object.keys(toSelection(filter)).length === 0)
    return [{ path: way, message: 'is empty: say what to look for, or "all": true' }];
  return [];
}

function parsePlace(text: string): WalkPlace {
  const [, until = '', failedAt = '', executionId = ''] = WALK_PLACE.exec(text) ?? [];
  return { until: Number(until), failedAt: Number(failedAt), executionId };
}
