/** The two preferences of RFC 7240 that a submission or a read may state; the others, and malformed ones, are ignored. */
export interface Preferences {
  respondAsync: boolean;
  /** Seconds. */
  wait?: number;
}

export function parsePrefer(header: string | string[] | undefined): Preferences {
  const preferences: Preferences = { respondAsync: false };
  if (header === undefined) return preferences;
  for (const part of [header].flat().join(',').toLowerCase().split(',')) {
    const wait = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/.exec(part)?.[1];
    if (wait !== undefined) preferences.wait ??= Number(wait);
    else if (/^\s*respond-async\s*(?:;|$)/.test(part)) preferences.respondAsync = true;
  }
  return preferences;
}
