import { type DynamicModule, Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { DeliveryChannels } from '../delivery-channels';
import { CircuitNotices } from './circuit-notices';
import { createNotifiers } from './create-notifiers';
import { MessageComposer } from './messages/message-composer';
import { NotifierChannel } from './notifier-channel';
import { NOTIFIERS_OPTIONS, type NotifiersOptions } from './notifiers-options';
import { DailySummary } from './summary/daily-summary';

/** The channels of `notifications` in gateway.yaml; a section that is not there has none. */
@Global()
@Module({})
export class NotifiersModule implements OnModuleInit {
  constructor(
    private readonly channels: DeliveryChannels,
    @Inject(NOTIFIERS_OPTIONS) private readonly options: NotifiersOptions,
  ) {}

  static forRoot(options: NotifiersOptions): DynamicModule {
    return {
      module: NotifiersModule,
      providers: [{ provide: NOTIFIERS_OPTIONS, useValue: options }, CircuitNotices, DailySummary],
      exports: [DailySummary],
    };
  }

  onModuleInit(): void {
    const { notifications, source, publicUrl, secrets } = this.options;
    const composer = new MessageComposer({ templates: notifications.templates, publicUrl, secrets });
    for (const notifier of createNotifiers(notifications, source)) {
      this.channels.register(new NotifierChannel(notifier, composer));
    }
  }
}
