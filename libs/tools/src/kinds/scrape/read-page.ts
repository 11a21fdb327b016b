/*
 * Reads one page, in a process of its own that `readablePage` kills: what strangers wrote may take for ever, or all
 * memory. A thread would not do: one that runs out of memory ends the whole process (500,000 times `<` did it). Node
 * also runs this file as it is, so it has only types that can be left out.
 */
import { Worker } from 'node:worker_threads';
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';

export interface ReadablePage {
  title: string;
  byline: string | null;
  published: string | null;
  canonical: string | null;
  text: string;
}

export type PageAnswer = ReadablePage | { failed: string };

interface Node {
  nodeType: number;
  nodeName: string;
  textContent: string | null;
  childNodes: Iterable<Node>;
}

interface Page {
  body: Node | null;
  querySelector(selector: string): { textContent: string | null; getAttribute(name: string): string | null } | null;
  querySelectorAll(selector: string): Iterable<{ remove(): void }>;
}

/** Where the parent is gone: the reading may hold the other thread for ever. */
const WATCHDOG = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), 15_000)`;
new Worker(WATCHDOG, { eval: true }).unref();

/** Below it, what was found is a cookie notice or the like, and not the page. */
const MIN_ARTICLE_CHARS = 200;
const MAX_ELEMENTS = 50_000;
const BLOCKS =
  /^(?:ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|DD|DIV|DL|DT|FIGCAPTION|FIGURE|FOOTER|FORM|HEADER|HR|MAIN|NAV|OL|P|PRE|SECTION|TABLE|TR|UL)$/;
const UNREAD = 'script,style,noscript,template,iframe,object,embed,svg,canvas,link,input,select,textarea,button';

function textOf(node: Node): string {
  if (node.nodeType === 3) return (node.textContent ?? '').replace(/\s+/g, ' ');
  if (node.nodeType !== 1 || node.nodeName === 'TITLE') return '';
  if (node.nodeName === 'PRE') return `\n\n${node.textContent ?? ''}\n\n`;
  let inner = '';
  for (const child of node.childNodes) inner += textOf(child);
  const heading = /^H([1-6])$/.exec(node.nodeName);
  if (heading) return `\n\n${'#'.repeat(Number(heading[1]))} ${inner.trim()}\n\n`;
  if (node.nodeName === 'BR') return '\n';
  if (node.nodeName === 'LI') return `\n- ${inner.trim()}`;
  if (/^T[DH]$/.test(node.nodeName)) return `${inner.trim()} | `;
  return BLOCKS.test(node.nodeName) ? `\n\n${inner}\n\n` : inner;
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd().replace(/^ +(?=\S)/, ''))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function read({ html, url }: { html: string; url: string }): ReadablePage {
  // The parser makes neither where none is written.
  const isWhole = /<html[\s>]/i.test(html) && /<body[\s>]/i.test(html);
  const whole = isWhole ? html : `<html><head></head><body>${html}</body></html>`;
  const { document } = parseHTML(whole) as unknown as { document: Page };
  const attribute = (selector: string, name: string) => document.querySelector(selector)?.getAttribute(name) ?? null;
  const link = attribute('link[rel~="canonical"]', 'href');
  const canonical = link === null ? null : URL.parse(link, url);
  const title = document.querySelector('title')?.textContent?.trim() ?? '';
  for (const node of document.querySelectorAll(UNREAD)) node.remove();
  const body = document.body === null ? '' : tidy(textOf(document.body));
  const options = { serializer: (node: unknown) => textOf(node as Node), maxElemsToParse: MAX_ELEMENTS };
  let article: ReturnType<Readability['parse']> = null;
  try {
    article = new Readability<string>(document, options).parse();
  } catch {
    // Too many elements, or something that it does not know: then the whole page is what there is.
  }
  const text = tidy(article?.content ?? '');
  return {
    title: article?.title?.trim() || title,
    byline: article?.byline?.trim() || null,
    published: article?.publishedTime ?? null,
    canonical: canonical !== null && /^https?:$/.test(canonical.protocol) ? canonical.href : null,
    text: text.length >= MIN_ARTICLE_CHARS || text.length >= body.length ? text : body,
  };
}

process.once('message', (page: { html: string; url: string }) => {
  let said: PageAnswer;
  try {
    said = read(page);
  } catch (error) {
    said = { failed: error instanceof RangeError ? 'it is nested too deeply' : String(error) };
  }
  process.send?.(said, undefined, undefined, () => process.exit());
});
process.on('disconnect', () => process.exit());
