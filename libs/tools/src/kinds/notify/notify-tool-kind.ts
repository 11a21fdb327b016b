import { Inject, Injectable, Optional } from '@nestjs/common';
import { NO_CHANNELS, readTargets } from '@longhaul/config';
import { DeliveryOrders, notificationOrders } from '@longhaul/delivery';
import { PermanentError } from '@longhaul/kernel';
import { renderText } from '../../template/render-argv';
import { ARGUMENTS_SCOPE, templateValues } from '../../template/template-scope';
import type { Tool, ToolDefinition } from '../../tool';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../../tools-options';
import { ToolKind } from '../tool-kind';
import { notifyFormat } from './notify-format';
import type { NotifyToolOptions } from './notify-schema';

/** What the deliveries of such calls are called in the log of deliveries. */
const EVENT = 'tool.notified';
const MAX_TEXT = 20_000;

/**
 * Tells people something on a model's behalf, by a delivery for each recipient: with its tries, its schedule, and where
 * it can be seen. A call that is repeated orders nothing new. The answer says what was ordered, not what has arrived.
 */
@Injectable()
export class NotifyToolKind extends ToolKind<NotifyToolOptions> {
  readonly format = notifyFormat;

  constructor(
    @Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions,
    // Not there where nothing is delivered.
    @Optional() private readonly orders?: DeliveryOrders,
  ) {
    super();
  }

  create(own: NotifyToolOptions, { parameters }: ToolDefinition): Tool['run'] {
    const { channel, to, severity = 'info' } = own;
    return async (args, { executionId, owner, agent, idempotencyKey }) => {
      const { orders: delivery } = this;
      if (!delivery) throw new PermanentError('nothing here delivers messages', { code: 'tool_unavailable' });
      const values = templateValues(ARGUMENTS_SCOPE, args, parameters);
      const subject = renderText(own.subject, values);
      const text = renderText(own.text ?? '', values);
      if (subject.length + text.length > MAX_TEXT) {
        const message = `the message has ${subject.length + text.length} characters, at most ${MAX_TEXT} are sent: shorten it`;
        throw new PermanentError(message, { code: 'invalid_input' });
      }
      const targets = readTargets(to === undefined ? channel : { channel, to });
      const message = { subject, paragraphs: text.split(/\n{2,}/), severity };
      const orders = notificationOrders(targets, this.options.channels ?? NO_CHANNELS, EVENT, { message });
      const ids = await delivery.place(
        orders.map((order) => ({ ...order, owner, subject: idempotencyKey, executionId, agent })),
      );
      return { recipients: orders.length, ordered: ids.length, already_ordered: orders.length - ids.length };
    };
  }
}
