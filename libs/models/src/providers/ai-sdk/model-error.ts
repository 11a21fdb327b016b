import {
  type ErrorCode,
  type JsonObject,
  LonghaulError,
  PermanentError,
  redact,
  RetryableError,
  secretParts,
} from '@longhaul/kernel';
import type { APICallError } from 'ai';
import { whereKeyIsSet } from '../../key-place';
import type { ProviderOptions } from '../../models-options';

const MAX_MESSAGE = 500;
/** Besides 5xx. 408 timeout, 409 conflict, 425 too early, 429 too many. */
const RETRYABLE = [408, 409, 425, 429];

/**
 * What went wrong with a call, as a decision: 408, 409, 425, 429, 5xx, the network, a limit of time and an answer that
 * broke off may succeed another time; every other refusal will not. `Retry-After` is honoured.
 */
export function toModelError(error: unknown, options: ProviderOptions, model: string): LonghaulError {
  if (error instanceof LonghaulError) return error;
  const name = `${options.name}/${model}`;
  const said = clean(error instanceof Error ? error.message : String(error), options);
  const status = isApiCallError(error) ? error.statusCode : undefined;
  const details: JsonObject = { provider: options.name, model, ...(status === undefined ? {} : { status }) };
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new RetryableError(`${name} took too long to answer: ${limits(options)}`, {
      code: 'provider_timeout',
      details,
      cause: error,
    });
  }
  if (isApiCallError(error) && status !== undefined && status >= 400) {
    const message = `${name} answered ${status}: ${withMend(said, status, options)}`;
    if (status < 500 && !RETRYABLE.includes(status)) {
      return new PermanentError(message, { code: 'provider_error', details, cause: error });
    }
    const code: ErrorCode = status === 429 ? 'provider_rate_limited' : 'provider_error';
    const retryAfterMs = retryAfter(error.responseHeaders);
    return new RetryableError(message, {
      code,
      details,
      cause: error,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  return new RetryableError(`${name} could not be asked, or its answer broke off: ${said}`, {
    code: 'provider_error',
    details,
    cause: error,
  });
}

/** By its shape: its class is in a package that may not be loaded. */
function isApiCallError(error: unknown): error is APICallError {
  return error instanceof Error && error.name === 'AI_APICallError';
}

function withMend(said: string, status: number, options: ProviderOptions): string {
  const mend = mendOf(status, options);
  return mend === undefined ? said : `${said.replace(/\.$/, '')}; ${mend}`;
}

function mendOf(status: number, options: ProviderOptions): string | undefined {
  if (status === 401 || status === 403) return `check ${whereKeyIsSet(options)}`;
  return status === 404 ? 'check the name of the model and the base_url' : undefined;
}

function limits({ firstTokenTimeoutMs, idleTimeoutMs, timeoutMs, name }: ProviderOptions): string {
  const [first, idle, whole] = [firstTokenTimeoutMs, idleTimeoutMs, timeoutMs].map((ms) => `${ms / 1000} s`);
  return `at most ${first} to the first token, ${idle} between two, ${whole} in all (see providers.${name} in gateway.yaml)`;
}

/** Seconds or an HTTP date, or `retry-after-ms` as OpenAI sends it; undefined when there is none of them. */
function retryAfter(headers: Record<string, string> | undefined): number | undefined {
  const ms = Number(headers?.['retry-after-ms']);
  if (headers?.['retry-after-ms'] !== undefined && ms >= 0) return ms;
  const value = headers?.['retry-after'];
  if (value === undefined) return undefined;
  const after = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(after) && after >= 0 ? after : undefined;
}

/** Some providers repeat the key that they refuse, or the header that it came in. */
function clean(message: string, { apiKey, headers = {} }: ProviderOptions): string {
  const text = apiKey === undefined || apiKey === '' ? message : message.replaceAll(apiKey, '[key]');
  const masked = redact(text, secretParts(Object.values(headers))).replace(/\b(sk|key|AIza)[-_\w]{8,}/g, '[key]');
  return masked.length > MAX_MESSAGE ? `${masked.slice(0, MAX_MESSAGE)}…` : masked;
}
