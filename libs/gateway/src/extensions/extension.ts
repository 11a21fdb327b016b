import type { DynamicModule, Provider, Type } from '@nestjs/common';
import type { CustomQueue } from '@longhaul/queue';

/** What one extension brings, sorted by what Nest does with it. */
export interface Extension {
  /** What it is called in messages. */
  name: string;
  modules: (Type | DynamicModule)[];
  providers: Provider[];
  controllers: Type[];
  /** What wears `@QueueBackend`. */
  queues: CustomQueue[];
}

/** What may stand in `extensions` in code: the thing itself, or the name of a file or package that exports some. */
export type ExtensionInput = string | Type | DynamicModule | Exclude<Provider, Type>;
