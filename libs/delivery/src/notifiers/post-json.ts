import { isJsonObject, type JsonObject, LonghaulError, redact, secretParts } from '@longhaul/kernel';
import { SafeHttp } from '@longhaul/outbound';
import type { TryOutcome } from '../delivery';
import { failed } from './failed';

/** What such services answer is a line; more is somebody else. */
const MAX_BYTES = 65_536;

export interface JsonAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** Empty for an answer that is no JSON object. */
  json: JsonObject;
}

/**
 * Posts to an address that the operator wrote in gateway.yaml, or that is the service's own: any network may be called.
 * Answers a failed try when there is no answer. `secret` may be part of the URL and is said nowhere.
 */
export async function postJson(
  url: string,
  body: JsonObject,
  { secret, signal }: { secret: string; signal: AbortSignal },
): Promise<JsonAnswer | Extract<TryOutcome, { kind: 'failed' }>> {
  const secrets = secretParts([secret]);
  const http = new SafeHttp({ allowPrivateCidrs: ['0.0.0.0/0', '::/0'] });
  try {
    const answer = await http.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'Longhaul' },
      body: JSON.stringify(body),
      signal,
      maxBytes: MAX_BYTES,
    });
    // Some repeat what they were sent.
    const text = redact(answer.body.toString('utf8'), secrets);
    return { status: answer.status, headers: answer.headers, text, json: parse(text) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LonghaulError)) throw error;
    return failed(redact(error.message, secrets), error.retryable);
  } finally {
    await http.close();
  }
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
