import { PermanentError } from '@longhaul/kernel';
import type { OutboundRequest, SafeHttp } from '@longhaul/outbound';
import parseRobots from 'robots-parser';

/** What robots.txt calls us by, and what every request says. */
export const USER_AGENT = 'Longhaul';

const KEPT_MS = 3_600_000;
const MAX_SITES = 500;
const MAX_BYTES = 512 * 1_024;

type Rules = (url: string) => boolean;

/** What sites let robots read (RFC 9309), each asked once an hour. */
export class Robots {
  private readonly sites = new Map<string, { rules: Promise<Rules>; until: number }>();

  constructor(private readonly http: Pick<SafeHttp, 'request'>) {}

  /** Throws a PermanentError where the page is forbidden; what keeps robots.txt from being read is thrown as it is. */
  async assertAllowed(url: string, request: Pick<OutboundRequest, 'signal' | 'allowsHost'>): Promise<void> {
    const site = new URL(url).origin;
    if ((await this.rulesOf(site, request))(url)) return;
    const message = `${site}/robots.txt forbids robots to read it: take another source`;
    throw new PermanentError(message, { code: 'outbound_refused' });
  }

  private rulesOf(site: string, request: Pick<OutboundRequest, 'signal' | 'allowsHost'>): Promise<Rules> {
    const known = this.sites.get(site);
    if (known && known.until > performance.now()) return known.rules;
    const rules = this.load(`${site}/robots.txt`, request);
    this.sites.delete(site);
    this.sites.set(site, { rules, until: performance.now() + KEPT_MS });
    const [oldest] = this.sites.keys();
    if (this.sites.size > MAX_SITES && oldest !== undefined) this.sites.delete(oldest);
    rules.catch(() => this.sites.delete(site));
    return rules;
  }

  /** No such file: all is allowed. A server in trouble: nothing is, until it is asked again. */
  private async load(url: string, request: Pick<OutboundRequest, 'signal' | 'allowsHost'>): Promise<Rules> {
    const headers = { 'user-agent': USER_AGENT, accept: 'text/plain' };
    const answer = await this.http.request({ method: 'GET', url, headers, maxBytes: MAX_BYTES, ...request });
    if (answer.status >= 500 || answer.status === 429) {
      this.sites.delete(new URL(url).origin);
      return () => false;
    }
    if (answer.status !== 200) return () => true;
    const rules = parseRobots(url, answer.body.toString('utf8'));
    return (page) => rules.isAllowed(page, USER_AGENT) !== false;
  }
}
