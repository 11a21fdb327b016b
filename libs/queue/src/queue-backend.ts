import { applyDecorators, Injectable, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { ExecutionQueue } from './execution-queue';
import type { CustomQueue } from './queue-options';

type QueueBackendOptions = Pick<CustomQueue, 'hintBus'>;

const QueueBackendMetadata = Reflector.createDecorator<QueueBackendOptions>();

/**
 * Makes a class that extends `ExecutionQueue` what `queue.backend: custom` stands for, when a module of `extensions`
 * exports it. Nest makes the one instance there is; it may inject what its neighbours' modules export.
 */
export function QueueBackend(options: QueueBackendOptions = {}): (target: Type<ExecutionQueue>) => void {
  return applyDecorators(Injectable(), QueueBackendMetadata(options));
}

/** The queue that a class wears `@QueueBackend` for; undefined when it wears none. */
export function queueBackendOf(target: Type): CustomQueue | undefined {
  const options = new Reflector().get(QueueBackendMetadata, target);
  return options && { ...options, useClass: target as Type<ExecutionQueue> };
}
