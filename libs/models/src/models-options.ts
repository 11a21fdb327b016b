import type { Rate } from '@longhaul/config';
import type { Prices } from './prices/price';

export const PROVIDER_TYPES = ['openai', 'anthropic', 'google', 'openai-compatible'] as const;
export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** One entry of `providers` in gateway.yaml. */
export interface ProviderOptions {
  name: string;
  type: ProviderType;
  /** Absent: no Authorization header is sent (only `openai-compatible` and what has a `baseUrl` do without). */
  apiKey?: string;
  /** The provider's own address when absent. */
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the first token, between two, and for the whole answer. */
  firstTokenTimeoutMs: number;
  idleTimeoutMs: number;
  timeoutMs: number;
  /** Most requests, and most tokens of input and output, in a time, of all workers together. */
  rateLimit?: Rate;
  tokenLimit?: Rate;
}

export interface ModelsModuleOptions {
  /** Show what is asked and answered in traces; not when absent. */
  traceContent?: boolean;
  providers: readonly ProviderOptions[];
  /** US dollars per million tokens by `provider/model`, over the built-in table. */
  prices: Prices;
}

export const MODELS_OPTIONS = Symbol('MODELS_OPTIONS');
