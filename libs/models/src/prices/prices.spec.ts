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
    expect(costOf(priceOf('local/llama3.2', {}), usage)).toBeNull();
  });

  it.each([
    'openai/gpt-4o',
    'openai/gpt-4o-2024-08-06',
    'anthropic/claude-sonnet-4-20250514',
    'anthropic/claude-3-7-sonnet-latest',
  ])('knows %s, a dated variant by the name without its date', (model) => expect(priceOf(model, {})).toBeDefined());

  it("takes the operator's price before the list's, also for a dated variant", () => {
    const own = { 'openai/gpt-4o': { input: 7, output: 7 } };
    expect(priceOf('openai/gpt-4o', own)).toBe(own['openai/gpt-4o']);
    expect(priceOf('openai/gpt-4o-2024-08-06', own)).toBe(own['openai/gpt-4o']);
  });
});
