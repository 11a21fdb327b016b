import type { Tool, ToolRegistry } from '@longhaul/tools';
import { ToolTargets } from './tool-targets';

function limitOf(definition: object): number | undefined {
  const tool = { definition: { name: 'render', timeoutMs: 30_000, ...definition } } as unknown as Tool;
  const registry = { find: (name: string) => (name === 'render' ? tool : undefined) } as unknown as ToolRegistry;
  return new ToolTargets(registry, {} as never).find('tool:render')?.timeoutMs;
}

describe('the time limit of a call that is an execution', () => {
  it('has room for the call, and for each of its tries', () => {
    expect(limitOf({})).toBe(90_000);
    expect(limitOf({ retries: { max: 3 } })).toBe(180_000);
  });
});
