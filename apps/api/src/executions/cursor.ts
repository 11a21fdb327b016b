import { createHash } from 'node:crypto';
import { isId, LonghaulError } from '@longhaul/kernel';

/**
 * The place in a list after an execution, opaque to clients. The checksum tells a cursor that was cut or changed on
 * its way; it protects nothing, since every list is its owner's own.
 */
export function encodeCursor(id: string): string {
  return Buffer.from(`${id}.${checksum(id)}`).toString('base64url');
}

/** The id. Throws `invalid_cursor`. */
export function decodeCursor(cursor: string): string {
  const [id = '', sum = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('.');
  if (isId('exec', id) && sum === checksum(id) && encodeCursor(id) === cursor) return id;
  throw new LonghaulError(
    'invalid_cursor',
    'cursor is not one of ours: pass next_cursor of the page before as it is, or leave it out to begin anew',
  );
}

function checksum(id: string): string {
  return createHash('sha256').update(`executions:${id}`).digest('hex').slice(0, 12);
}
