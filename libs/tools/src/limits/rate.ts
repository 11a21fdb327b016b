/** Calls in a time: "10/m", "100/15m". */
export const RATE_FORM = /^(?<calls>[1-9]\d{0,6})\/(?<count>[1-9]\d{0,3})?(?<unit>[smhd])$/;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface Rate {
  readonly calls: number;
  readonly perMs: number;
}

/** A text of that form. */
export function parseRate(text: string): Rate {
  const { calls, count = '1', unit = 'm' } = RATE_FORM.exec(text)?.groups ?? {};
  return { calls: Number(calls), perMs: Number(count) * (UNIT_MS[unit] ?? 0) };
}
