import type { TryOutcome } from '../../delivery';
import { type Message, Notifier } from '../notifier';
import { type SlackAnswer, slackFailure } from './slack-failure';

export interface SlackOptions {
  token: string;
  apiUrl?: string;
}

/** Slack says all that matters in its answers. */
const SILENT = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {} };

/** Writes to a channel as a bot. Plain text: no formatting, no previews of links, nobody is called. */
export class SlackNotifier extends Notifier {
  readonly name = 'slack';
  readonly maxText = 12_000;

  constructor(private readonly options: SlackOptions) {
    super();
  }

  /** `<!channel>`, `<@U…>` and links are made with these three and nothing else. */
  harmless(text: string): string {
    return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  }

  async send({ text }: Message, to: string | null, signal: AbortSignal): Promise<TryOutcome> {
    const slack = require('@slack/web-api') as typeof import('@slack/web-api');
    const answer: SlackAnswer = {};
    const client = new slack.WebClient(this.options.token, {
      ...(this.options.apiUrl === undefined ? {} : { slackApiUrl: this.options.apiUrl }),
      allowAbsoluteUrls: false,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
      logger: { ...SILENT, getLevel: () => slack.LogLevel.ERROR },
      fetch: async (url: string | URL | Request, init?: RequestInit) => {
        const response = await fetch(url, { ...init, signal });
        answer.status = response.status;
        answer.retryAfter = response.headers.get('retry-after');
        return response;
      },
    });
    try {
      // oxlint-disable unicorn/require-post-message-target-origin -- not that of a window
      const sent = await client.chat.postMessage({
        channel: to ?? '',
        text,
        mrkdwn: false,
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      });
      return { kind: 'delivered', status: 200, excerpt: `channel ${sent.channel}, ts ${sent.ts}` };
    } catch (error) {
      signal.throwIfAborted();
      return slackFailure(error, answer);
    }
  }
}
