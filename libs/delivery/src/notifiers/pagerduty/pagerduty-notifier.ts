import { retryAfterMs } from '@longhaul/outbound';
import type { TryOutcome } from '../../delivery';
import { failed, mayPass } from '../failed';
import { type Message, Notifier } from '../notifier';
import { type JsonAnswer, postJson } from '../post-json';

export interface PagerDutyOptions {
  routingKey: string;
  apiUrl?: string;
  /** What the alert came from: the gateway's name. */
  source: string;
}

/** PagerDuty refuses a longer one. */
const MAX_SUMMARY = 1_024;

/** Triggers an alert; all that is about one execution is one alert, also when a try is repeated. */
export class PagerDutyNotifier extends Notifier {
  readonly name = 'pagerduty';
  readonly maxText = 10_000;

  constructor(private readonly options: PagerDutyOptions) {
    super();
  }

  harmless(text: string): string {
    return text;
  }

  async send({ about, subject, text, severity, link }: Message, _to: string | null, signal: AbortSignal) {
    const { routingKey, apiUrl = 'https://events.pagerduty.com', source } = this.options;
    const answer = await postJson(
      `${apiUrl.replace(/\/+$/, '')}/v2/enqueue`,
      {
        routing_key: routingKey,
        event_action: 'trigger',
        dedup_key: about,
        client: 'Longhaul',
        ...(link === null ? {} : { client_url: link, links: [{ href: link, text: about }] }),
        payload: { summary: subject.slice(0, MAX_SUMMARY), source, severity, custom_details: { text } },
      },
      { secret: routingKey, signal },
    );
    return 'kind' in answer ? answer : outcomeOf(answer);
  }
}

function outcomeOf({ status, headers, text, json }: JsonAnswer): TryOutcome {
  if (status === 202) return { kind: 'delivered', status, excerpt: text };
  const { message, errors } = json;
  const said = [message, ...(Array.isArray(errors) ? errors : [])].filter((part) => typeof part === 'string');
  const mend =
    status === 400 ? ': see that notifications.pagerduty.routing_key is that of an Events API v2 integration' : '';
  const error = `PagerDuty did not take it: ${said.length > 0 ? said.join(': ') : `status ${status}`}${mend}`;
  return failed(error, mayPass(status), { status, retryAfterMs: retryAfterMs(headers['retry-after']), excerpt: text });
}
