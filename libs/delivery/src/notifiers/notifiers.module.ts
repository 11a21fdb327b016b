import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { NotificationsConfig } from '@longhaul/config';
import { DeliveryChannels } from '../delivery-channels';
import { createNotifiers } from './create-notifiers';
import { type ComposerOptions, MessageComposer } from './messages/message-composer';
import { NotifierChannel } from './notifier-channel';

export interface NotifiersOptions extends Omit<ComposerOptions, 'templates'> {
  notifications: NotificationsConfig;
  /** What alerts say that they came from. */
  source: string;
}

const NOTIFIERS_OPTIONS = Symbol('NotifiersOptions');

/** The channels of `notifications` in gateway.yaml; a section that is not there has none. */
@Module({})
export class NotifiersModule implements OnModuleInit {
  constructor(
    private readonly channels: DeliveryChannels,
    @Inject(NOTIFIERS_OPTIONS) private readonly options: NotifiersOptions,
  ) {}

  static forRoot(options: NotifiersOptions): DynamicModule {
    return { module: NotifiersModule, providers: [{ provide: NOTIFIERS_OPTIONS, useValue: options }] };
  }

  onModuleInit(): void {
    const { notifications, source, publicUrl, secrets } = this.options;
    const composer = new MessageComposer({ templates: notifications.templates, publicUrl, secrets });
    for (const notifier of createNotifiers(notifications, source)) {
      this.channels.register(new NotifierChannel(notifier, composer));
    }
  }
}
