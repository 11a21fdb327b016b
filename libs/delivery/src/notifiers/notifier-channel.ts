import type { JsonObject } from '@longhaul/kernel';
import type { Delivery, Subject, TryOutcome } from '../delivery';
import { DeliveryChannel } from '../delivery-channel';
import { failed } from './failed';
import type { MessageComposer } from './messages/message-composer';
import type { Message, Notifier } from './notifier';

/** The target of a notifier whose only recipient is configured. */
export const ITS_OWN = 'configured';

/** What an order of a notification says besides its channel and its target. */
export interface NotificationOptions {
  /** One of `notifications.templates`. */
  template?: string;
  /** What is about no execution brings its text along. */
  message?: { subject: string; paragraphs: string[]; severity: Message['severity'] };
}

/** Deliveries by a notifier: composes the message anew for each try, as the configuration is then. */
export class NotifierChannel extends DeliveryChannel {
  readonly name: string;

  constructor(
    private readonly notifier: Notifier,
    private readonly composer: MessageComposer,
  ) {
    super();
    this.name = notifier.name;
  }

  async send(delivery: Delivery, execution: Subject, signal: AbortSignal): Promise<TryOutcome> {
    const { id, subject: about, target } = delivery;
    const { template, message } = optionsOf(delivery.options);
    const to = target === ITS_OWN ? null : target;
    if (message) {
      return this.notifier.send(this.composer.plain({ id, about, link: null, ...message }, this.notifier), to, signal);
    }
    if (execution === null) return failed('the execution that it is about is not there any more', false);
    return this.notifier.send(this.composer.ofExecution(id, execution, this.notifier, template), to, signal);
  }
}

/** As they were stored by this lib; see `NotificationOptions`. */
function optionsOf(options: JsonObject | null): NotificationOptions {
  return options ?? {};
}
