import { type KnownChannels, type NotifyTarget, targetProblem } from '@longhaul/config';
import type { JsonObject } from '@longhaul/kernel';
import type { DeliveryOrder } from '../delivery-rules';
import { hostOf } from '../webhooks/webhook-url';
import { ITS_OWN, type NotificationOptions } from './notifier-channel';

/**
 * An order for each recipient of these targets; none for what cannot be told, of which whoever wrote it has been told
 * when it was read. `source: 'client'` is theirs who submitted, but for recipients that gateway.yaml names. A template that there is not stays: the message says so.
 */
export function notificationOrders(
  targets: readonly NotifyTarget[],
  known: KnownChannels,
  event: string,
  { message, source }: Pick<DeliveryOrder, 'source'> & Pick<NotificationOptions, 'message'> = {},
): DeliveryOrder[] {
  return targets.flatMap(({ channel, to, template }) => {
    const problem = targetProblem({ channel, ...(to === undefined ? {} : { to }) }, known);
    if (problem !== undefined) return [];
    const own = [...known.recipients].find(([name]) => name === channel)?.[1] ?? [];
    const options: NotificationOptions = {
      ...(template === undefined ? {} : { template }),
      ...(message && { message }),
    };
    const recipients = to === undefined ? own : [to];
    return recipients.map((recipient) => ({
      event,
      channel,
      target: recipient ?? ITS_OWN,
      ...(source !== undefined && to !== undefined ? { source } : {}),
      ...(channel === 'webhook' && recipient !== null ? { lane: hostOf(recipient) } : {}),
      ...(Object.keys(options).length === 0 ? {} : { options: options as JsonObject }),
    }));
  });
}
