/** Every list: `next_cursor` is null on the last page. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** One page of what was found by asking for one more than `limit`. */
export function pageOf<T, V>(
  found: T[],
  limit: number,
  view: (item: T) => V,
  cursorAfter: (item: T) => string,
): Page<V> {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    next_cursor: found.length > limit && last !== undefined ? cursorAfter(last) : null,
  };
}

/** A list that always fits into one page. */
export function wholeList<V>(items: V[]): Page<V> {
  return { items, next_cursor: null };
}
