import type { RetryRequest } from '@longhaul/client';
import { readJson, readObject, readText } from './request-body';

export interface ChangeFlags {
  input?: string;
  message?: string;
  context?: string;
}

/** What is to be asked instead. Throws `UsageError`. */
export function changeOf({ input, message, context }: ChangeFlags): RetryRequest {
  return {
    ...(input === undefined ? {} : { input: readJson('--input', input) }),
    ...(message === undefined ? {} : { message: message === '-' ? readText('--message', 0) : message }),
    ...(context === undefined ? {} : { context: readObject('--context', context) }),
  };
}
