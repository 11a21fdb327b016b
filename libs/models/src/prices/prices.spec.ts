import { NO_METRICS } from '@longhaul/telemetry';
import { Models } from '../models';
import type { ProviderOptions } from '../models-options';
import { costOf } from './price';
import { priceOf } from './price-table';

describe('the cost of a call', () => {
  const usage = { inputTokens: 1_000_000, cachedInputTokens: 400_000, outputTokens: 100_000 };

  it('counts fresh input, cached input and output, each at its price', () => {
    expect(costOf({ input: 1, cachedInput: 0.1, output: 10 }, usage)).toBe(1.64);
  });

  it('counts cached input as input when it has no price of its own', () => {
    expect(costOf({ input: 1, output: 10 }, usage)).toBe(2);
  });

  it('is null, not zero, when the price is not known', () => {
    expect(costOf(priceOf('local/llama3.2', {}, 'openai-compatible/llama3.2'), usage)).toBeNull();
  });

  it.each([
    'openai/gpt-4o',
    'openai/gpt-4o-2024-08-06',
    'anthropic/claude-sonnet-4-20250514',
    'anthropic/claude-3-7-sonnet-latest',
  ])('knows %s, a dated variant by the name without its date', (model) =>
    expect(priceOf(model, {}, model)).toBeDefined(),
  );

  it("takes the operator's price before the list's, also for a dated variant", () => {
    const own = { 'openai/gpt-4o': { input: 7, output: 7 } };
    expect(priceOf('openai/gpt-4o', own, 'openai/gpt-4o')).toBe(own['openai/gpt-4o']);
    expect(priceOf('openai/gpt-4o-2024-08-06', own, 'openai/gpt-4o-2024-08-06')).toBe(own['openai/gpt-4o']);
  });

  describe('of a provider', () => {
    const limits = { firstTokenTimeoutMs: 1, idleTimeoutMs: 1, timeoutMs: 1 };
    const cost = (provider: Pick<ProviderOptions, 'name' | 'type' | 'baseUrl'>, prices = {}) =>
      new Models({ providers: [{ ...provider, ...limits }], prices }, NO_METRICS).costOf(
        `${provider.name}/gpt-4o`,
        usage,
      );

    it("is its type's, whatever it is called", () => {
      expect(cost({ name: 'team', type: 'openai' })).toBe(cost({ name: 'openai', type: 'openai' }));
      expect(cost({ name: 'team', type: 'openai' })).toBeGreaterThan(0);
    });

    it("is not the list's at an address of one's own: somebody else bills there", () => {
      const proxy = { name: 'openai', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1' } as const;
      expect(cost(proxy)).toBeNull();
      expect(cost(proxy, { 'openai/gpt-4o': { input: 1, output: 0 } })).toBe(1);
    });
  });
});
