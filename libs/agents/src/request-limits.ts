import type { Issue } from '@longhaul/kernel';
import type { SubmitRequest } from './submit-request';

/** The request's numbers, by their names in a request's body. */
const RANGES = [
  { field: 'delay_s', of: (request: SubmitRequest) => request.delayS, min: 0, max: 2_592_000, whole: false },
  { field: 'timeout_s', of: (request: SubmitRequest) => request.timeoutS, min: 0.1, max: 86_400, whole: false },
  { field: 'max_retries', of: (request: SubmitRequest) => request.maxRetries, min: 0, max: 100, whole: true },
];

export function optionIssues(request: SubmitRequest): Issue[] {
  return RANGES.flatMap(({ field, of, min, max, whole }) => {
    const value = of(request);
    if (value === undefined || (value >= min && value <= max && (!whole || Number.isInteger(value)))) return [];
    const kind = whole ? 'a whole number' : 'a number';
    return [{ path: field, message: `expected ${kind} from ${min} to ${max}, got ${value}` }];
  });
}
