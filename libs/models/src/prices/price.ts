import type { TokenUsage } from '../model-call';

/** US dollars per million tokens. */
export interface Price {
  input: number;
  output: number;
  /** Of input that the provider had in its cache; the price of input when absent. */
  cachedInput?: number;
}

/** By `provider/model`. */
export type Prices = Readonly<Record<string, Price>>;

const PER_TOKEN = 1 / 1_000_000;

/** US dollars, to a hundred-millionth; null when nobody knows the price: a guess would pass for a bill. */
export function costOf(price: Price | undefined, usage: TokenUsage): number | null {
  if (!price) return null;
  const fresh = Math.max(usage.inputTokens - usage.cachedInputTokens, 0);
  const dollars =
    fresh * price.input +
    usage.cachedInputTokens * (price.cachedInput ?? price.input) +
    usage.outputTokens * price.output;
  return Math.round(dollars * PER_TOKEN * 1e8) / 1e8;
}
