import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { ConfigurationError, unknownName } from '@longhaul/kernel';
import { EXECUTION_CHANGES, type ExecutionListener } from './execution-change';
import { ExecutionHooks } from './execution-hooks';
import { HookMetadata } from './on-execution';

/** Finds the methods that wear `@OnExecution`, in whichever module, before anything is accepted or run. */
@Injectable()
export class HookExplorer implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly hooks: ExecutionHooks,
  ) {}

  /** Throws `ConfigurationError` for a change that there is not, which only code without types can write. */
  onModuleInit(): void {
    for (const wrapper of [...this.discovery.getProviders(), ...this.discovery.getControllers()]) {
      // The same instance under another token: its listeners are found under its own.
      if (wrapper.isAlias) continue;
      const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
      if (typeof instance !== 'object' || instance === null) continue;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
        const changes = this.discovery.getMetadataByDecorator(HookMetadata, wrapper, name) ?? [];
        for (const change of changes) {
          assertKnown(change, `${wrapper.name}.${name}`);
          this.hooks.on(change, (...args) => (instance as Record<string, ExecutionListener>)[name]?.(...args));
        }
      }
    }
  }
}

function assertKnown(change: string, where: string): void {
  if ((EXECUTION_CHANGES as readonly string[]).includes(change)) return;
  const message = unknownName('change', change, EXECUTION_CHANGES);
  throw new ConfigurationError(`@OnExecution of ${where}: ${message}; there are ${EXECUTION_CHANGES.join(', ')}`);
}
