import { DiscoveryService } from '@nestjs/core';
import type { ExecutionChange, ExecutionListener } from './execution-change';

/** Read by `HookExplorer`; write `@OnExecution`. */
export const HookMetadata = DiscoveryService.createDecorator<ExecutionChange[]>();

/**
 * Makes a method of a provider (a singleton) a listener: `@OnExecution('completed', 'failed') record(execution) {…}`.
 * Called in the process where it happened, after the commit, at most once; see `ExecutionHooks`.
 */
export function OnExecution(
  ...changes: [ExecutionChange, ...ExecutionChange[]]
): <T extends ExecutionListener>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
) => void {
  return (target, method, descriptor) => HookMetadata(changes)(target, method, descriptor);
}
