import { createHash } from 'node:crypto';
import { LonghaulError } from '@longhaul/kernel';

/** A list that is read page by page, so that a cursor of one is not taken for one of another. */
export interface PagedList {
  name: string;
  /** Whether the text is a place in this list. */
  isPlace: (text: string) => boolean;
}

/**
 * The place in a list after an item, opaque to clients. The checksum tells a cursor that was cut or changed on its
 * way; it protects nothing, since every list is its owner's own.
 */
export function encodeCursor(list: PagedList, place: string): string {
  return Buffer.from(`${place}.${checksum(list, place)}`).toString('base64url');
}

/** The place. Throws `invalid_cursor`. */
export function decodeCursor(list: PagedList, cursor: string): string {
  const [place = '', sum = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split('.');
  if (list.isPlace(place) && sum === checksum(list, place) && encodeCursor(list, place) === cursor) return place;
  throw new LonghaulError(
    'invalid_cursor',
    'cursor is not one of ours: pass next_cursor of the page before as it is, or leave it out to begin anew',
  );
}

function checksum({ name }: PagedList, place: string): string {
  return createHash('sha256').update(`${name}:${place}`).digest('hex').slice(0, 12);
}
