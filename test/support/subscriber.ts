import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, type MicroserviceOptions, Payload, RmqContext } from '@nestjs/microservices';
import type { ResultEvent } from '@longhaul/delivery';

/** A Nest service of somebody else's that is told of ends by `@EventPattern`, and drops what it has seen before. */
export class Subscriber {
  /** Everything that came, repetitions included. */
  readonly received: ResultEvent[] = [];
  private readonly byId = new Map<string, ResultEvent>();

  private constructor(private service: INestMicroservice | null = null) {}

  static async start(options: MicroserviceOptions, ...patterns: string[]): Promise<Subscriber> {
    const subscriber = new Subscriber();
    const module = moduleOf(patterns, (event) => subscriber.take(event));
    subscriber.service = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
      ...options,
      logger: false,
    });
    await subscriber.service.listen();
    return subscriber;
  }

  /** Each event once. */
  get events(): ResultEvent[] {
    return [...this.byId.values()];
  }

  of(executionId: string): ResultEvent | undefined {
    return this.events.find((event) => event.execution_id === executionId);
  }

  /** Its broker may be gone already, which Nest minds. */
  async stop(): Promise<void> {
    const { service } = this;
    this.service = null;
    await service?.close().catch(() => undefined);
  }

  private take(event: ResultEvent): void {
    this.received.push(event);
    if (!this.byId.has(event.id)) this.byId.set(event.id, event);
  }
}

function moduleOf(patterns: string[], take: (event: ResultEvent) => void) {
  @Controller()
  class Inbox {
    @EventPattern(patterns)
    handle(@Payload() event: ResultEvent, @Ctx() context: unknown): void {
      take(event);
      if (!(context instanceof RmqContext)) return;
      const channel = context.getChannelRef() as { ack(message: unknown): void };
      channel.ack(context.getMessage());
    }
  }

  @Module({ controllers: [Inbox] })
  class SubscriberModule {}
  return SubscriberModule;
}
