import { isJsonObject } from '@longhaul/kernel';
import { retryAfterMs } from '@longhaul/outbound';
import type { TryOutcome } from '../../delivery';
import { failed, mayPass } from '../failed';
import { type Message, Notifier } from '../notifier';
import { type JsonAnswer, postJson } from '../post-json';

export interface TelegramOptions {
  botToken: string;
  apiUrl?: string;
}

/** Shown as nothing; a name behind it is no mention. */
const WORD_JOINER = '\u2060';

/** Writes to a chat as a bot. Plain text: no parse_mode, no previews of links. */
export class TelegramNotifier extends Notifier {
  readonly name = 'telegram';
  readonly maxText = 4_096;

  constructor(private readonly options: TelegramOptions) {
    super();
  }

  /** Telegram looks for mentions in plain text too. */
  harmless(text: string): string {
    return text.replaceAll('@', `@${WORD_JOINER}`);
  }

  async send({ text }: Message, to: string | null, signal: AbortSignal): Promise<TryOutcome> {
    const { botToken, apiUrl = 'https://api.telegram.org' } = this.options;
    const answer = await postJson(
      `${apiUrl.replace(/\/+$/, '')}/bot${botToken}/sendMessage`,
      { chat_id: to, text, link_preview_options: { is_disabled: true } },
      { secret: botToken, signal },
    );
    if ('kind' in answer) return answer;
    if (answer.status === 200 && answer.json['ok'] === true) {
      return { kind: 'delivered', status: 200, excerpt: `message ${idOf(answer)}` };
    }
    return failureOf(answer);
  }
}

const MENDS: Readonly<Record<number, string>> = {
  400: ': see that the chat is right, and that the bot is in it',
  401: ': correct notifications.telegram.bot_token',
  403: ': the bot must be in the chat, and not blocked',
  404: ': correct notifications.telegram.bot_token',
};

function failureOf({ status, headers, text, json }: JsonAnswer): TryOutcome {
  const parameters = isJsonObject(json['parameters']) ? json['parameters'] : {};
  const { retry_after: seconds } = parameters;
  const waitMs = typeof seconds === 'number' ? seconds * 1_000 : retryAfterMs(headers['retry-after']);
  const moved = parameters['migrate_to_chat_id'];
  const said = typeof json['description'] === 'string' ? json['description'] : `status ${status}`;
  const mend = typeof moved === 'number' ? `: the group's chat is now ${moved}` : (MENDS[status] ?? '');
  // A 200 that is not Telegram's yes came from something in between.
  const retryable = status === 200 || mayPass(status);
  return failed(`Telegram did not take it: ${said}${mend}`, retryable, { status, retryAfterMs: waitMs, excerpt: text });
}

function idOf({ json }: JsonAnswer): string {
  const result = json['result'];
  return isJsonObject(result) ? JSON.stringify(result['message_id']) : '?';
}
