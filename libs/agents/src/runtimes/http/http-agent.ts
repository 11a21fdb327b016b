import { secretParts } from '@longhaul/kernel';
import { checkUrl, WebhookSigner } from '@longhaul/outbound';
import type { AgentFrontMatter } from '../../definition/front-matter';

/** What HTTP agents must know of the gateway. */
export interface HttpAgentsOptions {
  /** `http.allow_private_cidrs`. */
  allowPrivateCidrs: readonly string[];
  /** Where agents reach this API with their callbacks; null when nobody knows. */
  publicUrl: string | null;
  /** A text with its `${NAME}` replaced, or what is wrong with it. */
  expand(text: string): { value: string } | { message: string; hint: string };
}

/** Where nothing is said: no private network, no callbacks, and no variable is known. */
export const NO_HTTP_OPTIONS: HttpAgentsOptions = {
  allowPrivateCidrs: [],
  publicUrl: null,
  expand: (text) =>
    text.includes('${') ? { message: `${text} cannot be read here`, hint: 'write it out' } : { value: text },
};

/** A remote agent, ready to be called: with its secrets, so it is made for each run and kept nowhere. */
export interface HttpAgent {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Null: requests are not signed, and no callback is taken. */
  signer: WebhookSigner | null;
  timeoutMs: number | null;
  idleTimeoutMs: number | null;
  /** What must not be repeated to anybody. */
  secrets: readonly string[];
}

/** The agent, or a sentence that says why it cannot be called and names the mend. */
export function httpAgentOf(http: AgentFrontMatter['http'], options: HttpAgentsOptions): HttpAgent | string {
  if (!http) return 'it has no http.url, write http: { url: https://… }';
  const expand = (text: string): string => {
    const expanded = options.expand(text);
    if ('value' in expanded) return expanded.value;
    throw new Unusable(`${expanded.message}: ${expanded.hint}`);
  };
  try {
    const url = at('http.url', () => expand(http.url));
    const issue = checkUrl(url, { path: 'http.url', allowPrivateCidrs: options.allowPrivateCidrs });
    if (issue) return `http.url: ${issue.message}${issue.hint === undefined ? '' : `: ${issue.hint}`}`;
    const headers = Object.fromEntries(
      Object.entries(http.headers ?? {}).map(([name, value]) => [
        name,
        at(`http.headers.${name}`, () => headerValue(expand(value))),
      ]),
    );
    const secret = http.secret === undefined ? null : at('http.secret', () => expand(http.secret ?? ''));
    return {
      url,
      headers,
      signer: secret === null ? null : at('http.secret', () => new WebhookSigner(secret)),
      timeoutMs: ms(http.timeout_s),
      idleTimeoutMs: ms(http.idle_timeout_s),
      secrets: secretParts([...Object.values(headers), secret ?? '', ...pathFromElsewhere(url, http.url)]),
    };
  } catch (error) {
    if (error instanceof Unusable) return error.message;
    throw error;
  }
}

class Unusable extends Error {}

/** What goes wrong in there is said with its place. */
function at<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Unusable(`${place}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function headerValue(value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new Unusable('a header holds only Latin letters and no line breaks: mend the variable');
}

/** The parts of the path that came from variables: some services put their token there. */
function pathFromElsewhere(url: string, template: string): string[] {
  return template.includes('${') ? new URL(url).pathname.split('/').filter((part) => !template.includes(part)) : [];
}

function ms(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 1_000);
}
