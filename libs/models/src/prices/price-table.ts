import type { Price, Prices } from './price';

/** When the list prices below were last compared with what we know of the providers' price lists. */
export const PRICES_AS_OF = '2025-08-31';

/**
 * List prices, US dollars per million tokens, without batch or long-context rates. Providers change them without
 * telling anybody: what is billed goes into `prices` of gateway.yaml, which wins. A dated variant of a model
 * (`gpt-4o-2024-08-06`) costs what its name without the date does.
 */
export const LIST_PRICES: Prices = {
  'openai/gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
  'openai/gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
  'openai/gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
  'openai/gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
  'openai/gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
  'openai/gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
  'openai/gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
  'openai/gpt-4o-2024-05-13': { input: 5, output: 15 },
  'openai/gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
  'openai/o3': { input: 2, cachedInput: 0.5, output: 8 },
  'openai/o4-mini': { input: 1.1, cachedInput: 0.275, output: 4.4 },
  'anthropic/claude-opus-4-1': { input: 15, cachedInput: 1.5, output: 75 },
  'anthropic/claude-sonnet-4-0': { input: 3, cachedInput: 0.3, output: 15 },
  'anthropic/claude-sonnet-4': { input: 3, cachedInput: 0.3, output: 15 },
  'anthropic/claude-3-7-sonnet': { input: 3, cachedInput: 0.3, output: 15 },
  'anthropic/claude-3-5-haiku': { input: 0.8, cachedInput: 0.08, output: 4 },
  'google/gemini-2.5-pro': { input: 1.25, cachedInput: 0.31, output: 10 },
  'google/gemini-2.5-flash': { input: 0.3, cachedInput: 0.075, output: 2.5 },
  'google/gemini-2.5-flash-lite': { input: 0.1, cachedInput: 0.025, output: 0.4 },
};

/** `-2024-08-06`, `-20250514`, `-latest`. */
const VARIANT = /-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * The operator's price for `model`, else the list price of `listed` (its name by the provider's type; undefined = it is
 * on no list), or of what either is a dated variant of.
 */
export function priceOf(model: string, own: Prices, listed: string | undefined): Price | undefined {
  return find(own, model) ?? (listed === undefined ? undefined : find(LIST_PRICES, listed));
}

function find(prices: Prices, model: string): Price | undefined {
  return prices[model] ?? prices[model.replace(VARIANT, '')];
}
