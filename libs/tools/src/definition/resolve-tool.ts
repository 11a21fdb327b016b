import { parseRate } from '@longhaul/config';
import type { Backoff } from '@longhaul/executions';
import type { ToolFrontMatter } from './front-matter';
import type { ToolFile } from '../loading/parse-tool-file';
import type { ToolDefinition } from '../tool';
import type { ToolSettings } from '../tools-options';

export const DEFAULT_TIMEOUT_S = 30;
export const DEFAULT_RESULT_CHARS = 20_000;

/** Fills in what the file leaves out, and says whether this gateway can call the result. */
export function resolveTool(
  { name, file, frontMatter, parameters, format, own, body }: ToolFile,
  settings: ToolSettings,
) {
  const { description, kind, enabled = true } = frontMatter;
  const usual = format.usual(own);
  const unavailableReason = enabled
    ? format.whyUnavailable(own, settings)
    : `it is disabled: write enabled: true in ${file}`;
  const definition: ToolDefinition = {
    name,
    description: body === '' ? description : `${description}\n\n${body}`,
    parameters,
    effects: frontMatter.effects ?? usual.effects,
    tags: frontMatter.tags ?? usual.tags,
    requiresApproval: frontMatter.requires_approval ?? false,
    timeoutMs: Math.round((frontMatter.timeout_s ?? DEFAULT_TIMEOUT_S) * 1_000),
    maxResultChars: frontMatter.max_result_chars ?? DEFAULT_RESULT_CHARS,
    kind,
    file,
    ...(frontMatter.rate_limit === undefined ? {} : { rateLimit: parseRate(frontMatter.rate_limit) }),
    ...(frontMatter.cache_ttl_s ? { cacheTtlMs: Math.round(frontMatter.cache_ttl_s * 1_000) } : {}),
    ...(frontMatter.queue === undefined ? {} : { queue: frontMatter.queue }),
    ...(frontMatter.background === true ? { background: true } : {}),
    ...(frontMatter.priority === undefined ? {} : { priority: frontMatter.priority }),
    ...(frontMatter.retries === undefined ? {} : { retries: retriesOf(ofFile(frontMatter.retries)) }),
    ...(unavailableReason === undefined ? {} : { unavailableReason }),
  };
  return definition;
}

function ofFile({ max_retries: maxRetries, backoff, delay_s: delayS }: NonNullable<ToolFrontMatter['retries']>) {
  return { maxRetries, backoff, delayS };
}

/** With what is usual for what is left out. */
export function retriesOf({
  maxRetries: max = 3,
  backoff: kind = 'exponential',
  delayS = 1,
}: {
  maxRetries?: number | undefined;
  backoff?: Backoff['kind'] | undefined;
  delayS?: number | undefined;
}): ToolDefinition['retries'] {
  return { max, backoff: { kind, delayMs: Math.round(delayS * 1_000) } };
}
