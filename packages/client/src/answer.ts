import { LonghaulApiError } from './errors.ts';

/** What openapi-fetch gives back, as a value or a `LonghaulApiError`. */
export function answer<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new LonghaulApiError(response, error);
  return data;
}
