/** So much in a time: "10/m", "100/15m", "100k/m". */
export const RATE_FORM = /^(?<amount>[1-9]\d{0,8})(?<times>[kM])?\/(?<count>[1-9]\d{0,3})?(?<unit>[smhd])$/;
export const RATE_RULE = 'expected a rate such as "10/m" or "100k/m": so many per s, m, h or d';

const TIMES: Readonly<Record<string, number>> = { k: 1_000, M: 1_000_000 };
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface Rate {
  readonly amount: number;
  readonly perMs: number;
}

/** A text of that form. */
export function parseRate(text: string): Rate {
  const { amount, times = '', count = '1', unit = 'm' } = RATE_FORM.exec(text)?.groups ?? {};
  return { amount: Number(amount) * (TIMES[times] ?? 1), perMs: Number(count) * (UNIT_MS[unit] ?? 0) };
}
