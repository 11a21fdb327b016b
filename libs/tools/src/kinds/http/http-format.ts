import { checkUrl } from '@longhaul/outbound';
import type { JsonObject } from '@longhaul/kernel';
import { ARGUMENTS_SCOPE } from '../../template/template-scope';
import { isFixed } from '../../template/template';
import { type PlaceholderIssue, placeholderIssues } from '../../template/placeholder-issues';
import type { ToolSettings } from '../../tools-options';
import type { KindIssue, ToolFormat } from '../tool-kind';
import { expandTexts } from './expand-texts';
import { hostIsFixed, hostIssue, originText } from './host-rule';
import { httpSchema, type HttpToolOptions } from './http-schema';
import { textsOf } from './texts-of';

/** What a tool of `kind: http` may say, and what it is by itself. */
export const httpFormat: ToolFormat<HttpToolOptions> = {
  kind: 'http',
  schema: httpSchema,

  usual({ method = 'GET' }) {
    return method === 'GET'
      ? { effects: 'repeatable', tags: ['ingests_untrusted', 'sends_out'] }
      : { effects: 'at_most_once', tags: ['ingests_untrusted', 'sends_out'] };
  },

  issues(own: HttpToolOptions, parameters: JsonObject): KindIssue[] {
    const host = hostIssue(own);
    const found = textsOf(own).flatMap(({ path, text }) =>
      placeholderIssues(text, ARGUMENTS_SCOPE, parameters)
        .filter((issue) => keepsFromLoading(issue, path, text))
        .map(({ message, hint }) => ({ path, message, hint })),
    );
    const bodyless = own.body !== undefined && (own.method ?? 'GET') === 'GET';
    return [
      ...(host ? [host] : []),
      ...(bodyless ? [{ path: ['body'], message: 'a GET has no body', hint: 'write method: POST, or use query' }] : []),
      ...found,
    ];
  },

  whyUnavailable(own: HttpToolOptions, settings: ToolSettings): string | undefined {
    const expanded = expandTexts(own, (text) => settings.expand(text));
    if ('reason' in expanded) return expanded.reason;
    const { url } = expanded.own;
    if (!hostIsFixed(url)) return undefined;
    const issue = checkUrl(originText(url), { path: 'http.url', allowPrivateCidrs: settings.allowPrivateCidrs });
    return issue ? `http.url: ${issue.message}${issue.hint === undefined ? '' : `: ${issue.hint}`}` : undefined;
  },
};

/**
 * An argument that may be missing leaves its place out, in query, headers and body; in a path there is nothing to leave
 * out. An object is JSON where it is the whole of a value of the body.
 */
function keepsFromLoading({ reason, fatal }: PlaceholderIssue, [key]: (string | number)[], text: string): boolean {
  if (reason === 'optional') return key === 'url' && !isFixed(text.split('?')[0] ?? '', ARGUMENTS_SCOPE);
  if (reason === 'object') return key !== 'body';
  return fatal || reason === 'absent';
}
