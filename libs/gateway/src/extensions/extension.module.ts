import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigurationError } from '@longhaul/kernel';
import type { CustomQueue } from '@longhaul/queue';
import type { Extension } from './extension';

/** One of these for each extension: what it exports side by side may be injected side by side. */
@Module({})
export class ExtensionModule {
  static forExtension({ modules, providers, controllers }: Extension): DynamicModule {
    return { module: ExtensionModule, imports: modules, providers, controllers, exports: [...modules, ...providers] };
  }
}

/** The one queue that extensions bring, with what it may inject. Throws `ConfigurationError` when there are several. */
export function queueOf(extensions: readonly Extension[]): CustomQueue | undefined {
  const found = extensions.flatMap(({ name, queues, modules }) =>
    queues.map((queue) => ({ name, queue: { ...queue, imports: modules } })),
  );
  if (found.length < 2) return found[0]?.queue;
  const names = found.map(({ name, queue }) => `${queue.useClass.name} (${name})`).join(', ');
  const message = `extensions bring several classes with @QueueBackend: ${names}`;
  const issue = { path: 'queue.backend', message, hint: 'keep one of them' };
  throw new ConfigurationError(`queue.backend: ${message}; ${issue.hint}`, [issue]);
}
