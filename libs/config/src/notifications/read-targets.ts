type Recipient = string | number;

interface NotifyEntry {
  readonly channel: string;
  readonly to?: Recipient | readonly Recipient[] | undefined;
  readonly template?: string | undefined;
}

/** Whom to tell, as people write it; what the schema `notifyTargets` lets pass. */
export type NotifyTargets = string | NotifyEntry | readonly (string | NotifyEntry)[];

/** One recipient at one channel. */
export interface NotifyTarget {
  channel: string;
  /** Absent: the channel's own. */
  to?: string;
  /** Absent: the built-in text. */
  template?: string;
}

export interface PlacedTarget extends NotifyTarget {
  /** Where it stands in what was written: `[]`, `[0]`, `[0, 'to', 1]`. */
  at: (string | number)[];
}

/** Each recipient by itself, so that one that fails is tried again without the others. */
export function readTargets(written: NotifyTargets | undefined): PlacedTarget[] {
  if (written === undefined) return [];
  return isList(written) ? written.flatMap((entry, index) => recipientsOf(entry, [index])) : recipientsOf(written, []);
}

function recipientsOf(entry: string | NotifyEntry, at: (string | number)[]): PlacedTarget[] {
  if (typeof entry === 'string') return [{ channel: entry, at }];
  const { channel, to, template } = entry;
  const more = template === undefined ? {} : { template };
  if (to === undefined) return [{ channel, at, ...more }];
  if (!isList(to)) return [{ channel, to: String(to), at, ...more }];
  return to.map((one, index) => ({ channel, to: String(one), at: [...at, 'to', index], ...more }));
}

/** `Array.isArray` knows no read-only ones. */
function isList<T>(value: string | number | object | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
