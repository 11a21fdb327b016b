import { availableParallelism } from 'node:os';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type JsonObject, PermanentError, Turns } from '@longhaul/kernel';
import { checkUrl, type OutboundRequest, type OutboundResponse, SafeHttp } from '@longhaul/outbound';
import type { Tool, ToolDefinition } from '../../tool';
import { TOOLS_OPTIONS, type ToolsModuleOptions } from '../../tools-options';
import { hostAllowed } from '../allowed-hosts';
import { statusError } from '../status-error';
import { ToolKind } from '../tool-kind';
import { pageText } from './page-text';
import { readablePage } from './readable-page';
import { Robots, USER_AGENT } from './robots';
import { scrapeFormat } from './scrape-format';
import type { ScrapeToolOptions } from './scrape-schema';

/** Room for title and addresses. */
const FRAME_CHARS = 2_000;
const MAX_TITLE_CHARS = 300;
/** Of all tools of this process: a model asks for many at once, and each takes a processor and memory of its own. */
const PAGES_AT_ONCE = Math.min(4, Math.max(2, availableParallelism()));
const ACCEPT = 'text/html, application/xhtml+xml, text/plain;q=0.9, text/markdown;q=0.9';

/** Reads a page as a person would: its text, title and canonical address. Never runs what is on it. */
@Injectable()
export class ScrapeToolKind extends ToolKind<ScrapeToolOptions> implements OnApplicationShutdown {
  readonly format = scrapeFormat;
  private readonly http: SafeHttp;
  private readonly robots: Robots;
  private readonly turns = new Turns(PAGES_AT_ONCE);

  constructor(@Inject(TOOLS_OPTIONS) private readonly options: ToolsModuleOptions) {
    super();
    this.http = new SafeHttp(options);
    this.robots = new Robots(this.http);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  create(own: ScrapeToolOptions, { timeoutMs, maxResultChars }: ToolDefinition): Tool['run'] {
    const { allow_hosts: hosts, max_chars: maxChars, respect_robots: respects = true } = own;
    const room = Math.max(100, Math.min(maxChars ?? Infinity, maxResultChars - FRAME_CHARS));
    const allowsHost = hosts && ((host: string) => hostAllowed(host, hosts));
    return async (args, { signal }) => {
      const url = addressOf(args, this.options.allowPrivateCidrs);
      const common = { signal, timeoutMs, ...(allowsHost ? { allowsHost } : {}) };
      const page = await this.fetch(url, common, respects);
      return answerOf(page, room, signal, this.turns);
    };
  }

  private async fetch(url: string, common: Omit<OutboundRequest, 'method' | 'url'>, respects: boolean) {
    if (respects) await this.robots.assertAllowed(url, common);
    const headers = { 'user-agent': USER_AGENT, accept: ACCEPT };
    const page = await this.http.request({ method: 'GET', url, headers, ...common });
    // It was read by then, but what the site keeps from robots goes no further.
    if (respects && page.url !== url) await this.robots.assertAllowed(page.url, common);
    if (page.status >= 300) throw statusError(page, `answered ${page.status}`);
    return page;
  }
}

/** Judged before its robots.txt is asked for, which has another address. */
function addressOf({ url }: JsonObject, allowPrivateCidrs: readonly string[]): string {
  const text = typeof url === 'string' ? url : '';
  const issue = checkUrl(text, { path: 'url', allowPrivateCidrs });
  if (!issue) return new URL(text).href.split('#', 1)[0] ?? text;
  const hint = issue.hint === undefined ? '' : `: ${issue.hint}`;
  throw new PermanentError(`url: ${issue.message}${hint}`, { code: 'outbound_refused' });
}

async function answerOf(page: OutboundResponse, room: number, signal: AbortSignal, turns: Turns): Promise<JsonObject> {
  const { isHtml, text } = pageText(page);
  if (!isHtml) return { url: page.url, ...cutTo(room, text.trim()) };
  const { title, byline, published, canonical, text: readable } = await readablePage(text, page.url, signal, turns);
  return {
    url: page.url,
    title: title.slice(0, MAX_TITLE_CHARS),
    ...(byline === null ? {} : { byline: byline.slice(0, MAX_TITLE_CHARS) }),
    ...(published === null ? {} : { published: published.slice(0, MAX_TITLE_CHARS) }),
    ...(canonical === null || canonical === page.url ? {} : { canonical: canonical.slice(0, 2_048) }),
    ...cutTo(room, readable),
  };
}

function cutTo(room: number, text: string): JsonObject {
  if (text.length <= room) return { text };
  return { text: text.slice(0, room), cut: `only the first ${room} of ${text.length} characters are here` };
}
