import { isJsonObject, type JsonObject } from '@longhaul/kernel';
import type { KindIssue, ToolFormat } from '../tool-kind';
import { scrapeSchema, type ScrapeToolOptions } from './scrape-schema';

const BY_URL: JsonObject = {
  type: 'object',
  properties: { url: { type: 'string', description: 'Address of the page, http or https' } },
  required: ['url'],
  additionalProperties: false,
};

/** What a tool of `kind: scrape` may say, and what it is by itself. */
export const scrapeFormat: ToolFormat<ScrapeToolOptions> = {
  kind: 'scrape',
  schema: scrapeSchema,

  // An address can carry something out.
  usual: () => ({ effects: 'repeatable', tags: ['ingests_untrusted', 'sends_out'] }),

  parameters: () => BY_URL,

  issues(_: ScrapeToolOptions, { properties, required }: JsonObject): KindIssue[] {
    const isAsked = isJsonObject(properties) && 'url' in properties;
    if (isAsked && Array.isArray(required) && required.includes('url')) return [];
    const hint = 'remove parameters, or require url: { type: string }';
    return [{ path: [], message: 'parameters require no url from the model', hint }];
  },

  whyUnavailable: () => undefined,
};
