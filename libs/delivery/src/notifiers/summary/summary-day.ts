/** A day's summary: of the 24 hours before its time of day. */
export interface SummaryDay {
  /** 2026-11-25: the day on which it is due. */
  date: string;
  /** Milliseconds since 1970; `until` is when it is due. */
  from: number;
  until: number;
}

const DAY_MS = 86_400_000;

/** The latest summary that is due at `now`; `at` is `HH:MM` in `timezone`. */
export function dueSummary(at: string, timezone: string, now: number): SummaryDay {
  const [today, yesterday] = [now, now - DAY_MS].map((moment) => dayOf(moment, at, timezone));
  const due = today && today.until <= now ? today : yesterday;
  if (!due) throw new Error('every moment has a day');
  return due;
}

function dayOf(moment: number, at: string, timezone: string): SummaryDay {
  const date = localText(moment, timezone).slice(0, 10);
  const until = momentOf(`${date}T${at}:00`, timezone);
  return { date, from: until - DAY_MS, until };
}

/** When clocks of the time zone show so. Where they are put forward over it: when they have been. */
function momentOf(local: string, timezone: string): number {
  const wanted = Date.parse(`${local}Z`);
  // The offset is that of the moment looked for, which the first guess misses where it changes in between.
  const guess = wanted - offsetAt(wanted, timezone);
  return wanted - offsetAt(guess, timezone);
}

function offsetAt(moment: number, timezone: string): number {
  return Date.parse(`${localText(moment, timezone)}Z`) - Math.floor(moment / 1_000) * 1_000;
}

/** 2026-11-25T08:00:00, as clocks of the time zone show it. */
function localText(moment: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(moment).replace(' ', 'T');
}
