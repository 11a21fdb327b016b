import { LonghaulError } from '@longhaul/kernel';

/** The form in which events are wanted: a stream unless only JSON is. Throws `not_acceptable`. */
export function wantedForm(accept: string | undefined): 'stream' | 'json' {
  if (accept === undefined) return 'stream';
  const types = accept.split(',').map((part) => part.split(';', 1)[0]?.trim().toLowerCase());
  if (types.some((type) => type === 'text/event-stream' || type === 'text/*')) return 'stream';
  if (types.some((type) => type === 'application/json' || type === 'application/*')) return 'json';
  if (types.includes('*/*')) return 'stream';
  throw new LonghaulError('not_acceptable', 'events come as text/event-stream or as application/json');
}
