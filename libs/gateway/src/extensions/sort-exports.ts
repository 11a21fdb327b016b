import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { queueBackendOf } from '@longhaul/queue';
import type { Extension } from './extension';

/** What Nest's decorators leave on a class; a test holds them to the Nest that is installed. */
const CONTROLLER = '__controller__';
const INJECTABLE = '__injectable__';
const MODULE_KEYS = ['imports', 'providers', 'controllers', 'exports'];

/** The exports of a file, or the entries of a list in code, as an extension; null when there is nothing to use. */
export function sortExports(name: string, exported: readonly unknown[]): Extension | null {
  const extension: Extension = { name, modules: [], providers: [], controllers: [], queues: [] };
  const sorted = [...new Set(exported)].filter((item) => sortOne(extension, item));
  return sorted.length > 0 ? extension : null;
}

function sortOne(extension: Extension, item: unknown): boolean {
  if (typeof item === 'function') return sortClass(extension, item as Type);
  if (typeof item !== 'object' || item === null) return false;
  if ('module' in item && typeof item.module === 'function') {
    extension.modules.push(item as DynamicModule);
    return true;
  }
  if (!('provide' in item)) return false;
  extension.providers.push(item as Provider);
  return true;
}

function sortClass(extension: Extension, type: Type): boolean {
  const queue = queueBackendOf(type);
  if (queue) extension.queues.push(queue);
  else if (Reflect.hasMetadata(CONTROLLER, type)) extension.controllers.push(type);
  else if (Reflect.hasMetadata(INJECTABLE, type)) extension.providers.push(type);
  else if (MODULE_KEYS.some((key) => Reflect.hasMetadata(key, type))) extension.modules.push(type);
  else return false;
  return true;
}
