import { failSpan, inSpan } from '@longhaul/telemetry';
import type { Delivery, Subject, TryOutcome } from '../delivery';

/** One try as a span, in the trace of the execution that it tells of. Where it goes stays out: a URL may hold a secret. */
export function inDeliverySpan(
  { id, channel, event, attempt }: Delivery,
  execution: Subject,
  clean: (text: string) => string,
  send: () => Promise<TryOutcome>,
): Promise<TryOutcome> {
  const attributes = {
    'longhaul.delivery.id': id,
    'longhaul.delivery.channel': channel,
    'longhaul.delivery.event': event,
    'longhaul.delivery.attempt': attempt,
    ...(execution ? { 'longhaul.execution_id': execution.id } : {}),
  };
  const parent = execution?.traceparent ?? null;
  return inSpan(`deliver ${channel}`, { kind: 'client', attributes, parent }, async (span) => {
    const outcome = await send();
    span.setAttribute('longhaul.outcome', outcome.kind);
    if (outcome.kind === 'postponed') return outcome;
    if (outcome.status !== undefined) span.setAttribute('http.response.status_code', outcome.status);
    if (outcome.kind === 'failed') failSpan(span, clean(outcome.error));
    return outcome;
  });
}
