import type { WebAPICallError } from '@slack/web-api';
import { retryAfterMs } from '@longhaul/outbound';
import type { TryOutcome } from '../../delivery';
import { failed, mayPass } from '../failed';

/** What came over the wire, which the SDK's errors tell only in part. */
export interface SlackAnswer {
  status?: number;
  retryAfter?: string | null;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors: what may pass. All others are final. */
const MAY_PASS = [
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
];

const MENDS: Readonly<Record<string, string>> = {
  channel_not_found: 'name a channel that the bot sees: invite it with /invite',
  not_in_channel: 'invite the bot with /invite',
  is_archived: 'name another channel',
  invalid_auth: 'correct notifications.slack.token',
  not_authed: 'correct notifications.slack.token',
  token_revoked: 'make a new token for notifications.slack.token',
  token_expired: 'make a new token for notifications.slack.token',
  account_inactive: 'make a new token for notifications.slack.token',
  missing_scope: 'give the bot the scope chat:write',
};

export function slackFailure(error: unknown, { status, retryAfter }: SlackAnswer): TryOutcome {
  if (status === 429) {
    return failed('Slack asks to wait: ratelimited', true, { status, retryAfterMs: retryAfterMs(retryAfter) });
  }
  const code = codeOf(error);
  if (code === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(`Slack did not take it: ${reason}`, status === undefined || mayPass(status), { status });
  }
  const mend = MENDS[code];
  return failed(`Slack refused it: ${code}${mend === undefined ? '' : `: ${mend}`}`, MAY_PASS.includes(code), {
    status,
    retryAfterMs: retryAfterMs(retryAfter),
  });
}

/** Slack's own word; undefined where the answer was none of Slack's, such as the page of a proxy. */
function codeOf(error: unknown): string | undefined {
  const { data } = error as Partial<Extract<WebAPICallError, { data: unknown }>>;
  return data !== undefined && /^[a-z_]{1,64}$/.test(data.error) ? data.error : undefined;
}
